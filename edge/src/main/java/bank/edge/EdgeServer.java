package bank.edge;

import bank.edge.auth.BoundTokens;
import bank.edge.auth.ForeignUsers;
import bank.edge.auth.FurtherIssuers;
import bank.edge.auth.TokenGate;
import bank.edge.events.AccessEvents;
import bank.edge.events.AccessPublisher;
import bank.edge.grpc.GrpcProxy;
import bank.edge.grpc.HealthAnswers;
import bank.edge.http.CallerLimit;
import bank.edge.http.Connections;
import bank.edge.http.HeldBytes;
import bank.edge.http.Manners;
import bank.edge.http.Metrics;
import bank.edge.http.OptionsAnswers;
import bank.edge.http.TlsFiles;
import bank.edge.openapi.OpenApi;
import bank.edge.route.Routes;
import bank.edge.transcode.JsonGateway;
import bank.edge.upstream.FurtherHealth;
import bank.edge.upstream.Upstreams;
import bank.platform.auth.Issuer;
import bank.platform.auth.PublicOrigin;
import bank.platform.auth.RemoteKeys;
import bank.platform.auth.ServiceToken;
import bank.platform.auth.TokenChecks;
import bank.platform.auth.TokenRequests;
import bank.platform.auth.TokenVerifier;
import bank.platform.config.InvalidSettingsException;
import bank.platform.events.KafkaClients;
import bank.platform.grpc.Channels;
import bank.platform.grpc.PossessionCheck;
import bank.platform.grpc.Reflection;
import bank.platform.telemetry.Tracing;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The edge, wired: descriptors → routes → token gate → gateways → one HTTP server.
public final class EdgeServer implements AutoCloseable {
    /// Longest message to health and reflection, which anybody may call.
    private static final int PROBE_BYTES_MAX = 64 * 1024;

    // What is held takes up to four times as much, which leaves the half of the heap to the rest.
    private static final int HEAP_FOR_HELD = 8;

    private static final Duration DRAIN_TIME = Duration.ofMillis(100);
    private static final Duration LOOPS_STOP_MAX = Duration.ofSeconds(1);
    private static final Duration CLOSED_PAUSE = Duration.ofMillis(10);

    private static final int LOOPS = Runtime.getRuntime().availableProcessors();

    private final Duration drainQuiet;
    private final EventLoopGroup loops;
    private final Server server;
    private final Map<String, ManagedChannel> channels;
    private final Upstreams upstreams;
    private final Runnable tls;
    private final Metrics metrics;
    private final Tracing tracing;
    private final ApiVersions versions;
    private final Readiness readiness;
    private final FurtherHealth further;
    private final HealthAnswers health;
    private final DocsPages docs;
    private final @Nullable AccessEvents events;
    private final JsonGateway json;
    private final GrpcProxy grpc;

    /// An edge that is traced as the environment says.
    ///
    /// @throws bank.platform.config.InvalidSettingsException when settings are out of their ranges or
    ///     contradict each other
    /// @throws IllegalArgumentException when the services cannot be served as described, or certificate and key
    ///     cannot be used
    public EdgeServer(EdgeConfig config, Clock clock) {
        this(config, clock, Tracing.fromEnvironment("edge"));
    }

    /// @param tracing closed with the edge
    EdgeServer(EdgeConfig config, Clock clock, Tracing tracing) {
        EdgeSettings.check(config);
        this.tracing = tracing;
        drainQuiet = config.drainQuiet();
        metrics = new Metrics(config.metrics());
        events = events(config);
        var lines = new AccessLog(config.accessLog());
        var manners = Manners.of(config, metrics, tracing);
        var builder = Server.builder();
        metrics.watch(builder);
        Connections.configure(builder, config.connections());
        tls = TlsFiles.listen(builder, new InetSocketAddress(config.host(), config.port()), config.tls());
        var catalog = Catalog.of(config);
        var routes = new Routes(catalog.rules());
        loops = EventLoopGroups.newEventLoopGroup(LOOPS, "edge");
        upstreams = new Upstreams(catalog.addresses(), catalog.rpcs(), config.upstream(), loops);
        channels = Map.of(
                "identity", Channels.open(config.upstreams().identity()),
                "document", Channels.open(config.upstreams().document()),
                "contract", Channels.open(config.upstreams().contract()),
                "registry", Channels.open(config.upstreams().registry()));
        var keys = RemoteKeys.of(Objects.requireNonNull(channels.get("identity")));
        readiness = new Readiness(Map.copyOf(channels), keys);
        var issuers = new ArrayList<>(FurtherIssuers.of(config.tokens().issuer(), config.issuers()));
        issuers.add(Issuer.identity(config.tokens(), keys));
        var tokens = new TokenVerifier(issuers, clock);
        var bound = new BoundTokens(tokens, PublicOrigin.of(config.tokens().issuer()), forwarding(config, clock));
        var gate = new TokenGate(tokens, bound, foreignUsers(config, clock), new CallerLimit(config.rates()));
        var held = new HeldBytes(config.heldBytesMax().orElseGet(EdgeServer::usualHeldBytesMax));
        json = new JsonGateway(config, routes, gate, upstreams, held);
        grpc = new GrpcProxy(config, catalog.rpcs(), gate, upstreams, held);
        versions = new ApiVersions(Objects.requireNonNull(channels.get("identity")), config.versionsPause());
        further = new FurtherHealth(catalog.furtherAddresses());
        health = new HealthAnswers(
                upstreams.services(),
                service -> further.knows(service)
                        ? !readiness.isStopping() && further.serves(service)
                        : readiness.missing().isEmpty());
        docs = new DocsPages(() -> new OpenApi(catalog.rules(), config));
        var calls = new OptionsAnswers(new EdgeService(json, grpc, versions), routes, catalog.paths());
        server = docs.addTo(builder, manners)
                .workerGroup(loops, false)
                .disableServerHeader()
                .maxRequestLength(0)
                .requestTimeout(config.requestTimeout())
                .gracefulShutdown(new PatientStop(this::busy))
                .connectionDrainDuration(DRAIN_TIME)
                .errorHandler(new EdgeErrors(new Refusals(lines, events, metrics, clock)))
                .accessLogWriter(events == null ? lines : lines.andThen(events), true)
                .service("/healthz", manners.apply(HealthPages.ok()))
                .service("/readyz", manners.apply(HealthPages.of(readiness::missing)))
                .service(
                        GrpcService.builder()
                                .addService(health)
                                .addService(new Reflection(catalog.services()))
                                .useBlockingTaskExecutor(true)
                                .maxRequestMessageLength(PROBE_BYTES_MAX)
                                .useClientTimeoutHeader(false)
                                .build(),
                        probes -> manners.apply(probes.decorate(GrpcProxy::callsOnly)))
                .serviceUnder("/", manners.apply(calls))
                .build();
    }

    /// Null without Kafka.
    private @Nullable AccessEvents events(EdgeConfig config) {
        if (config.kafka().bootstrapServers().isEmpty()) {
            return null;
        }
        var published = new LongAdder();
        var dropped = new LongAdder();
        metrics.count("access.events.published", "Requests told to Kafka", published);
        metrics.count("access.events.dropped", "Requests not told to Kafka, which was away or slow", dropped);
        var publisher = new AccessPublisher(new KafkaClients(config.kafka(), "edge"), published, dropped);
        return new AccessEvents(publisher, dropped);
    }

    /// Gives tokens by which the edge tells services who it is; null without credentials.
    private @Nullable ServiceToken forwarding(EdgeConfig config, Clock clock) {
        return config.client()
                .map(client -> new ServiceToken(
                        Objects.requireNonNull(channels.get("identity")),
                        client.id(),
                        client.secret(),
                        PossessionCheck.FORWARDING,
                        clock))
                .orElse(null);
    }

    /// Null when no further issuer has any.
    private @Nullable ForeignUsers foreignUsers(EdgeConfig config, Clock clock) {
        var issuers = FurtherIssuers.ofUsers(config.tokens().issuer(), config.issuers());
        if (issuers.isEmpty()) {
            return null;
        }
        var client = config.client()
                .orElseThrow(() -> new InvalidSettingsException(
                        List.of("bank.edge.client: is needed for issuers with users (bank.edge.issuers.….users)")));
        var requests =
                new TokenRequests(Objects.requireNonNull(channels.get("identity")), client.id(), client.secret());
        return new ForeignUsers(new TokenChecks(issuers, clock), requests, clock);
    }

    private static long usualHeldBytesMax() {
        return Math.max(EdgeSettings.HELD_BYTES_MIN, Runtime.getRuntime().maxMemory() / HEAP_FOR_HELD);
    }

    /// Starts the server; it answers when this returns.
    ///
    /// @throws java.util.concurrent.CompletionException when the port cannot be bound
    public void start() {
        server.start().join();
        versions.start();
        metrics.start();
        docs.start();
        if (events != null) {
            events.start();
        }
    }

    /// Port the server listens on.
    public int port() {
        return server.activeLocalPort();
    }

    /// Waits until the server has stopped.
    public void awaitTermination() throws InterruptedException {
        server.blockUntilShutdown();
    }

    /// Port of the figures for Prometheus; empty when there are none.
    public OptionalInt metricsPort() {
        return metrics.port();
    }

    private boolean busy() {
        var metrics = server.config().serverMetrics();
        return metrics.pendingRequests() + metrics.activeRequests() > 0;
    }

    /// Tells probes and watchers that it stops, and goes on as before for the quiet time of the settings; an interrupt
    /// ends that. Then takes no new requests, lets the running ones end for up to 10 seconds, and ends them.
    @Override
    public void close() {
        readiness.stop();
        health.tellWatchers();
        if (!server.activePorts().isEmpty()) {
            keepQuiet();
        }
        health.close();
        awaitClosed(server.stop());
        if (events != null) {
            events.close();
        }
        versions.close();
        json.close();
        grpc.close();
        upstreams.close();
        channels.values().forEach(ManagedChannel::shutdownNow);
        further.close();
        Future<?> _ = loops.shutdownGracefully(0, LOOPS_STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
        metrics.close();
        tracing.close();
        tls.run();
    }

    private void keepQuiet() {
        try {
            Thread.sleep(drainQuiet);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until no port and no connection is open. To the server itself the stop takes two seconds more, in which
    /// Netty watches a thread that has nothing left to do.
    private void awaitClosed(CompletableFuture<Void> stopped) {
        while (!stopped.isDone() && (!server.activePorts().isEmpty() || server.numConnections() > 0)) {
            stopped.copy()
                    .completeOnTimeout(null, CLOSED_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }
}
