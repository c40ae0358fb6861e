package bank.edge.upstream;

import bank.edge.route.HttpRule;
import bank.edge.route.Rpc;
import bank.edge.upstream.Attempts.Repeats;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.Exceptions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Connections to the services, by the full name of a proto service. A service may run at several addresses: calls go
/// to them in turn, see [Circuits], and are tried again where that is safe, see [Attempts].
public final class Upstreams implements AutoCloseable {
    private static final Duration IDLE_TIME_MAX = Duration.ofMinutes(5);
    private static final int EVENT_LOOPS_PER_ENDPOINT = 4;

    private final UpstreamConfig config;
    private final Circuits circuits;
    private final ClientFactory factory;
    private final Map<String, EndpointGroup> groups = new HashMap<>();
    private final Map<String, WebClient> clients = new HashMap<>();
    private final Map<String, Repeats> repeats = new HashMap<>();

    /// @param addresses `host:port`, or several with commas between, by the full name of a proto service, e.g.
    ///     `bank.v1.DocumentService`
    /// @param rpcs what may be called, to know what is safe to send again
    /// @throws IllegalArgumentException when an address has another form
    /// @throws bank.platform.config.InvalidSettingsException when a setting is out of its range
    public Upstreams(Map<String, String> addresses, Collection<Rpc> rpcs, UpstreamConfig config) {
        config.check();
        this.config = config;
        circuits = new Circuits(config);
        rpcs.forEach(rpc -> repeats.put(rpc.path(), repeats(rpc)));
        factory = ClientFactory.builder()
                .connectTimeout(config.connectTimeout())
                .pingInterval(config.pingInterval())
                .idleTimeout(IDLE_TIME_MAX)
                .maxNumEventLoopsPerEndpoint(EVENT_LOOPS_PER_ENDPOINT)
                .maxNumEventLoopsPerHttp1Endpoint(1)
                .useHttp2Preface(true)
                .build();
        var byAddress = new HashMap<String, WebClient>();
        addresses.forEach((service, address) -> clients.put(service, byAddress.computeIfAbsent(address, this::client)));
    }

    private WebClient client(String address) {
        EndpointGroup group = Addresses.group(address, circuits);
        groups.put(address, group);
        return WebClient.builder(SessionProtocol.H2C, group)
                .factory(factory)
                .maxResponseLength(0)
                .responseTimeoutMillis(0)
                .writeTimeoutMillis(0)
                .responseTimeoutMode(ResponseTimeoutMode.FROM_START)
                .build();
    }

    /// A stream of the client's is not kept, so it cannot be sent twice. An rpc that says so itself, or is bound to GET
    /// alone, changes nothing when it is called once more.
    private static Repeats repeats(Rpc rpc) {
        if (rpc.method().isClientStreaming()) {
            return Repeats.NEVER;
        }
        if (rpc.method().getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN) {
            return Repeats.ANYTHING;
        }
        var rules = HttpRule.of(rpc);
        return !rules.isEmpty()
                        && rules.stream().allMatch(rule -> rule.httpMethod().equals("GET"))
                ? Repeats.ANYTHING
                : Repeats.UNPROCESSED;
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
        Repeats safe = repeats.getOrDefault(request.path(), Repeats.NEVER);
        return new Attempts(client, circuits, safe, config.attemptsMax(), timeout).send(request);
    }

    /// The call failed at once, because every address of its service is left out. That was logged as it began.
    public static boolean isLeftOut(Throwable cause) {
        return Circuits.refused(Exceptions.peel(cause));
    }

    @Override
    public void close() {
        groups.values().forEach(EndpointGroup::close);
        factory.close();
    }
}
