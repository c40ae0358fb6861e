package bank.edge.upstream;

import bank.edge.http.Connections;
import bank.edge.route.HttpRule;
import bank.edge.route.Rpc;
import bank.edge.upstream.Attempts.Repeats;
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
    private final Set<String> services;
    private final Map<String, Callee> byPath = new HashMap<>();

    /// An rpc as it is called.
    ///
    /// @param headers what every call begins with
    /// @param bytesMax longest request of one message
    /// @param told the service may set headers of an HTTP answer
    private record Callee(WebClient client, RequestHeaders headers, Repeats repeats, int bytesMax, boolean told) {}

    /// @param addresses `host:port`, or several with commas between, by the full name of a proto service, e.g.
    ///     `bank.v1.DocumentService`
    /// @param rpcs what may be called, to know what is safe to send again
    /// @param loops the threads of the connections, those to the clients and those to the services
    /// @throws IllegalArgumentException when an address has another form
    public Upstreams(Map<String, String> addresses, Collection<Rpc> rpcs, UpstreamConfig config, EventLoopGroup loops) {
        this.config = config;
        this.loops = loops;
        circuits = new Circuits(config);
        services = Set.copyOf(addresses.keySet());
        factory = factory(config.pingInterval());
        furtherFactory = factory(config.furtherPingInterval());
        var own =
                rpcs.stream().filter(rpc -> rpc.ways().told()).map(Rpc::service).collect(Collectors.toSet());
        var clients = new HashMap<String, WebClient>();
        var ownByAddress = new HashMap<String, WebClient>();
        var furtherByAddress = new HashMap<String, WebClient>();
        try {
            addresses.forEach((service, address) -> clients.put(
                    service,
                    own.contains(service)
                            ? ownByAddress.computeIfAbsent(address, at -> client(at, factory))
                            : furtherByAddress.computeIfAbsent(address, at -> client(at, furtherFactory))));
        } catch (IllegalArgumentException e) {
            close();
            throw e;
        }
        for (Rpc rpc : rpcs) {
            @Nullable WebClient client = clients.get(rpc.service());
            @Nullable String address = addresses.get(rpc.service());
            if (client != null && address != null) {
                byPath.put(
                        rpc.path(),
                        new Callee(
                                client,
                                headers(rpc, address),
                                repeats(rpc),
                                bytesMax(rpc),
                                rpc.ways().told()));
            }
        }
    }

    private static RequestHeaders headers(Rpc rpc, String address) {
        return RequestHeaders.builder(HttpMethod.POST, rpc.path())
                .scheme("http")
                .authority(address.split(",", -1)[0].strip())
                .set(HttpHeaderNames.USER_AGENT, AGENT)
                .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                .set(HttpHeaderNames.TE, "trailers")
                .build();
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
        return services;
    }

    /// Headers that every call of an rpc begins with. With all of them there, Armeria adds none to a copy of its own.
    ///
    /// @throws IllegalArgumentException when its service has no address
    public RequestHeadersBuilder headers(Rpc rpc) {
        return callee(rpc.path()).headers().toBuilder();
    }

    private Callee callee(String path) {
        @Nullable Callee callee = byPath.get(path);
        if (callee == null) {
            throw new IllegalArgumentException("no address for " + path);
        }
        return callee;
    }

    /// Begins a call.
    ///
    /// @param headers method, path and metadata
    /// @param timeout time until the call is given up
    /// @param room takes room for what is held of the answer, see [GrpcFrames]
    public UpstreamCall call(RequestHeaders headers, Duration timeout, LongConsumer room) {
        HttpRequestWriter request = HttpRequest.streaming(headers);
        long deadline = System.nanoTime() + timeout.toNanos();
        Callee callee = callee(headers.path());
        HttpResponse answer = attempts(callee, headers, FIELDS_BYTES_MAX, timeout, () -> false)
                .send(request);
        return new UpstreamCall(request, answer, callee.told(), deadline, room);
    }

    /// Makes a call with one message each way.
    ///
    /// @param call method, path and metadata
    /// @param message wire bytes of the request
    /// @param timeout time until the call is given up
    /// @param room takes room for what is held of the answer, see [GrpcFrames]
    public UnaryCall unary(RequestHeadersBuilder call, byte[] message, Duration timeout, LongConsumer room) {
        long deadline = System.nanoTime() + timeout.toNanos();
        var frame = new HttpData[] {GrpcFrames.frame(message)};
        RequestHeaders headers = call.contentLength(frame[0].length()).build();
        Callee callee = callee(headers.path());
        return new UnaryCall(
                attempts(callee, headers, 0, timeout, () -> false),
                () -> HttpRequest.of(headers, frame),
                callee.told(),
                loop(),
                headers.get(HttpHeaderNames.X_REQUEST_ID, ""),
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
    public HttpResponse send(RequestHeadersBuilder call, HttpData frame, Duration timeout, BooleanSupplier gone) {
        RequestHeaders headers = call.contentLength(frame.length()).build();
        return attempts(callee(headers.path()), headers, 0, timeout, gone).send(() -> HttpRequest.of(headers, frame));
    }

    /// Passes a stream of messages on as it is.
    ///
    /// @param timeout time until the call is given up
    /// @param gone the connection the request came over is lost
    public HttpResponse send(HttpRequest request, Duration timeout, BooleanSupplier gone) {
        RequestHeaders headers = request.headers();
        return attempts(callee(headers.path()), headers, GrpcFrames.PREFIX, timeout, gone)
                .send(request);
    }

    /// @param around what may stand around the longest request
    private Attempts attempts(Callee callee, RequestHeaders call, int around, Duration timeout, BooleanSupplier gone) {
        return new Attempts(
                call, callee.client(), circuits, callee.repeats(), config, callee.bytesMax() + around, timeout, gone);
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
