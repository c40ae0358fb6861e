package bank.edge.upstream;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Connections to the services, by the full name of a proto service.
public final class Upstreams implements AutoCloseable {
    private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(2);
    private static final int EVENT_LOOPS_PER_ENDPOINT = 4;

    /// What a service may send ahead of a slow reader.
    private static final int STREAM_BYTES_AHEAD = 256 * 1024;

    /// What it may send ahead of all readers of one connection: many slow ones leave room for the others.
    private static final int CONNECTION_BYTES_AHEAD = 128 * STREAM_BYTES_AHEAD;

    private final ClientFactory factory;
    private final Map<String, WebClient> clients = new HashMap<>();

    /// @param addresses `host:port` by the full name of a proto service, e.g. `bank.v1.DocumentService`
    public Upstreams(Map<String, String> addresses) {
        factory = ClientFactory.builder()
                .connectTimeout(CONNECT_TIME_MAX)
                .maxNumEventLoopsPerEndpoint(EVENT_LOOPS_PER_ENDPOINT)
                .maxNumEventLoopsPerHttp1Endpoint(1)
                .useHttp2Preface(true)
                .http2InitialStreamWindowSize(STREAM_BYTES_AHEAD)
                .http2InitialConnectionWindowSize(CONNECTION_BYTES_AHEAD)
                .build();
        var byAddress = new HashMap<String, WebClient>();
        addresses.forEach((service, address) -> clients.put(service, byAddress.computeIfAbsent(address, this::client)));
    }

    private WebClient client(String address) {
        return WebClient.builder("h2c://" + address)
                .factory(factory)
                .maxResponseLength(0)
                .responseTimeoutMillis(0)
                .writeTimeoutMillis(0)
                .responseTimeoutMode(ResponseTimeoutMode.FROM_START)
                .build();
    }

    /// The services that have an address.
    public Set<String> services() {
        return Set.copyOf(clients.keySet());
    }

    /// Begins a call.
    ///
    /// @param headers method, path and metadata
    /// @param timeout time until the call is given up
    public UpstreamCall call(String service, RequestHeaders headers, Duration timeout) {
        HttpRequestWriter request = HttpRequest.streaming(headers);
        long deadline = System.nanoTime() + timeout.toNanos();
        return new UpstreamCall(request, send(service, request, timeout), deadline);
    }

    /// Passes a request on as it is.
    ///
    /// @param timeout time until the call is given up
    public HttpResponse send(String service, HttpRequest request, Duration timeout) {
        @Nullable WebClient client = clients.get(service);
        if (client == null) {
            throw new IllegalArgumentException("no address for " + service);
        }
        return client.execute(
                request,
                RequestOptions.builder()
                        .responseTimeoutMillis(timeout.toMillis())
                        .build());
    }

    @Override
    public void close() {
        factory.close();
    }
}
