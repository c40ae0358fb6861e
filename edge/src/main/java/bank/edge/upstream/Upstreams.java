package bank.edge.upstream;

import bank.edge.http.Connections;
import bank.edge.route.HttpRule;
import bank.edge.route.Rpc;
import bank.edge.upstream.Attempts.Repeats;
import bank.platform.grpc.Headers;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryOptions;
import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.Exceptions;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Connections to the services, by the full name of a proto service. A service may run at several addresses: calls go
/// to them in turn, see [Circuits], and are tried again where that is safe, see [Attempts].
public final class Upstreams implements AutoCloseable {
    /// Longest request of one message, which is kept until it need not be sent again.
    public static final int MESSAGE_BYTES_MAX = GrpcFrames.MESSAGE_BYTES_MAX;

    /// What stands around a body in a message: its frame, and other fields, from path and query.
    private static final int FIELDS_BYTES_MAX = 64 * 1024;

    private static final String AGENT = "bank-edge";
    private static final Duration IDLE_TIME_MAX = Duration.ofMinutes(5);

    /// How many calls that are written in one turn of an event loop are sent by one call of the operating system.
    private static final int FLUSHED_AFTER = 64;

    /// What a service may send ahead of a slow reader.
    private static final int STREAM_BYTES_AHEAD = 256 * 1024;

    /// What it may send ahead of all readers of one connection: many slow ones leave room for the others.
    private static final int CONNECTION_BYTES_AHEAD = 128 * STREAM_BYTES_AHEAD;

    private final UpstreamConfig config;
    private final EventLoopGroup loops;
    private final Circuits circuits;
    private final ClientFactory factory;
    private final ClientFactory furtherFactory;
    private final List<EndpointGroup> groups = new ArrayList<>();
    private final Map<String, WebClient> clients = new HashMap<>();
    private final Map<String, String> authorities = new HashMap<>();
    private final Map<String, Repeats> repeats = new HashMap<>();
    private final Map<String, Integer> bytesMax = new HashMap<>();
    private final Set<String> told = new HashSet<>();

    /// @param addresses `host:port`, or several with commas between, by the full name of a proto service, e.g.
    ///     `bank.v1.DocumentService`
    /// @param rpcs what may be called, to know what is safe to send again
    /// @param loops the threads of the connections, those to the clients and those to the services
    /// @throws IllegalArgumentException when an address has another form
    public Upstreams(Map<String, String> addresses, Collection<Rpc> rpcs, UpstreamConfig config, EventLoopGroup loops) {
        this.config = config;
        this.loops = loops;
        circuits = new Circuits(config);
        rpcs.forEach(rpc -> {
            repeats.put(rpc.path(), repeats(rpc));
            bytesMax.put(rpc.path(), bytesMax(rpc));
            if (rpc.ways().told()) {
                told.add(rpc.path());
            }
        });
        factory = factory(config.pingInterval());
        furtherFactory = factory(config.furtherPingInterval());
        var own =
                rpcs.stream().filter(rpc -> rpc.ways().told()).map(Rpc::service).collect(Collectors.toSet());
        var ownByAddress = new HashMap<String, WebClient>();
        var furtherByAddress = new HashMap<String, WebClient>();
        try {
            addresses.forEach((service, address) -> {
                clients.put(
                        service,
                        own.contains(service)
                                ? ownByAddress.computeIfAbsent(address, at -> client(at, factory))
                                : furtherByAddress.computeIfAbsent(address, at -> client(at, furtherFactory)));
                authorities.put(service, address.split(",", -1)[0].strip());
            });
        } catch (IllegalArgumentException e) {
            close();
            throw e;
        }
    }

    private ClientFactory factory(Duration pingInterval) {
        return ClientFactory.builder()
                .connectTimeout(config.connectTimeout())
                .pingInterval(pingInterval)
                .idleTimeout(IDLE_TIME_MAX)
                .workerGroup(loops, false)
                .channelOption(ChannelOption.ALLOCATOR, Connections.BUFFERS)
                .eventLoopSchedulerFactory(SameThread::new)
                .useHttp2Preface(true)
                .http2InitialStreamWindowSize(STREAM_BYTES_AHEAD)
                .http2InitialConnectionWindowSize(CONNECTION_BYTES_AHEAD)
                .option(
                        ClientFactoryOptions.CHANNEL_PIPELINE_CUSTOMIZER,
                        pipeline -> pipeline.addFirst(new FlushConsolidationHandler(FLUSHED_AFTER, true)))
                .build();
    }

    private WebClient client(String address, ClientFactory factory) {
        EndpointGroup group = Addresses.group(address, circuits);
        groups.add(group);
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

    /// Longest request of one message.
    public int bytesMax(Rpc rpc) {
        return rpc.admission().anonymous() ? config.strangerBytesMax() : MESSAGE_BYTES_MAX;
    }

    /// Longest headers of a call, as HTTP/2 counts them.
    public int metadataBytesMax() {
        return config.metadataBytesMax();
    }

    /// The services that have an address.
    public Set<String> services() {
        return Set.copyOf(clients.keySet());
    }

    /// Headers that every call of an rpc begins with. With all of them there, Armeria adds none to a copy of its own.
    ///
    /// @throws IllegalArgumentException when its service has no address
    public RequestHeadersBuilder headers(Rpc rpc) {
        @Nullable String authority = authorities.get(rpc.service());
        if (authority == null) {
            throw new IllegalArgumentException("no address for " + rpc.service());
        }
        return RequestHeaders.builder(HttpMethod.POST, rpc.path())
                .scheme("http")
                .authority(authority)
                .set(HttpHeaderNames.USER_AGENT, AGENT);
    }

    /// Begins a call.
    ///
    /// @param headers method, path and metadata
    /// @param timeout time until the call is given up
    /// @param room takes room for what is held of the answer, see [GrpcFrames]
    public UpstreamCall call(String service, RequestHeaders headers, Duration timeout, LongConsumer room) {
        HttpRequestWriter request = HttpRequest.streaming(headers);
        long deadline = System.nanoTime() + timeout.toNanos();
        HttpResponse answer = attempts(service, headers, FIELDS_BYTES_MAX, timeout, () -> false)
                .send(request);
        return new UpstreamCall(request, answer, told.contains(headers.path()), deadline, room);
    }

    /// Makes a call with one message each way.
    ///
    /// @param call method, path and metadata
    /// @param message wire bytes of the request
    /// @param timeout time until the call is given up
    /// @param room takes room for what is held of the answer, see [GrpcFrames]
    public UnaryCall unary(
            String service, RequestHeadersBuilder call, byte[] message, Duration timeout, LongConsumer room) {
        long deadline = System.nanoTime() + timeout.toNanos();
        var frame = new HttpData[] {GrpcFrames.frame(message)};
        RequestHeaders headers = call.contentLength(frame[0].length()).build();
        return new UnaryCall(
                attempts(service, headers, 0, timeout, () -> false),
                () -> HttpRequest.of(headers, frame),
                told.contains(headers.path()),
                loop(),
                headers.get(Headers.REQUEST_ID, ""),
                deadline,
                room);
    }

    /// The thread that runs, when it is one of the connections: an answer received on it wakes no other.
    private EventExecutor loop() {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                return loop;
            }
        }
        return loops.next();
    }

    /// Sends a request of one message.
    ///
    /// @param call method, path and metadata
    /// @param frame the message with its prefix
    /// @param timeout time until the call is given up
    /// @param gone the connection the request came over is lost
    public HttpResponse send(
            String service, RequestHeadersBuilder call, HttpData frame, Duration timeout, BooleanSupplier gone) {
        RequestHeaders headers = call.contentLength(frame.length()).build();
        return attempts(service, headers, 0, timeout, gone).send(() -> HttpRequest.of(headers, frame));
    }

    /// Passes a stream of messages on as it is.
    ///
    /// @param timeout time until the call is given up
    /// @param gone the connection the request came over is lost
    public HttpResponse send(String service, HttpRequest request, Duration timeout, BooleanSupplier gone) {
        return attempts(service, request.headers(), GrpcFrames.PREFIX, timeout, gone)
                .send(request);
    }

    /// @param around what may stand around the longest request
    private Attempts attempts(String service, RequestHeaders call, int around, Duration timeout, BooleanSupplier gone) {
        @Nullable WebClient client = clients.get(service);
        if (client == null) {
            throw new IllegalArgumentException("no address for " + service);
        }
        Repeats safe = repeats.getOrDefault(call.path(), Repeats.NEVER);
        int keptMax = bytesMax.getOrDefault(call.path(), MESSAGE_BYTES_MAX) + around;
        return new Attempts(call, client, circuits, safe, config, keptMax, timeout, gone);
    }

    /// The call failed at once, because every address of its service is left out. That was logged as it began.
    public static boolean isLeftOut(Throwable cause) {
        return Circuits.refused(Exceptions.peel(cause));
    }

    @Override
    public void close() {
        groups.forEach(EndpointGroup::close);
        factory.close();
        furtherFactory.close();
    }
}
