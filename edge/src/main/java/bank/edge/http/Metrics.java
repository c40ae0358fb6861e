package bank.edge.http;

import bank.edge.RequestLabels;
import bank.edge.route.Rpc;
import bank.platform.failure.Failure;
import bank.platform.telemetry.QueuedLog;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.common.logging.RequestOnlyLog;
import com.linecorp.armeria.common.metric.MeterIdPrefix;
import com.linecorp.armeria.common.metric.MeterIdPrefixFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.metric.MetricCollectingService;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Measures requests and shows the figures at `/metrics`. Labels have values from fixed sets only: the rpc (`none`
/// for what is none), the HTTP status, the gRPC code.
public final class Metrics implements AutoCloseable {
    private static final String NAME = "bank.edge";
    private static final MediaType TEXT = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

    private final @Nullable PrometheusMeterRegistry registry;
    private final @Nullable JvmGcMetrics collections;
    private final @Nullable Server server;

    public Metrics(MetricsConfig config) {
        if (config.port().isEmpty()) {
            registry = null;
            collections = null;
            server = null;
            return;
        }
        var figures = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        figures.config().meterFilter(new Distributions());
        registry = figures;
        collections = new JvmGcMetrics();
        collections.bindTo(figures);
        new JvmMemoryMetrics().bindTo(figures);
        new JvmThreadMetrics().bindTo(figures);
        new ProcessorMetrics().bindTo(figures);
        count("log.dropped", "Lines of the log that nobody took in time", QueuedLog.dropped());
        server = Server.builder()
                .http(new InetSocketAddress(config.host(), config.port().getAsInt()))
                .disableServerHeader()
                .service(
                        "/metrics",
                        (ctx, request) -> HttpResponse.of(
                                () -> HttpResponse.of(HttpStatus.OK, TEXT, HttpData.ofUtf8(figures.scrape())),
                                ctx.blockingTaskExecutor()))
                .build();
    }

    /// Lets a server tell its own figures too.
    public void watch(ServerBuilder watched) {
        if (registry != null) {
            watched.meterRegistry(registry);
        }
    }

    /// Shows a figure that only grows.
    ///
    /// @param name its name below `bank.edge`, e.g. `access.events.dropped`
    public void count(String name, String description, LongAdder counted) {
        if (registry != null) {
            FunctionCounter.builder(NAME + "." + name, counted, LongAdder::doubleValue)
                    .description(description)
                    .register(registry);
        }
    }

    /// Counts a request that the server refused before it was one.
    public void refused(HttpStatus status) {
        if (registry != null) {
            Counter.builder(NAME + ".refused")
                    .description("Requests the server refused as malformed or too long")
                    .tag("http_status", status.codeAsText())
                    .register(registry)
                    .increment();
        }
    }

    HttpService around(HttpService service) {
        return registry == null
                ? service
                : MetricCollectingService.builder(new Labels()).newDecorator().apply(service);
    }

    /// Starts listening.
    ///
    /// @throws java.util.concurrent.CompletionException when the port cannot be bound
    public void start() {
        if (server != null) {
            server.start().join();
        }
    }

    /// Port listened on, once started; empty when nothing is measured.
    public OptionalInt port() {
        return server == null ? OptionalInt.empty() : OptionalInt.of(server.activeLocalPort());
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop().join();
        }
        if (collections != null) {
            collections.close();
        }
        if (registry != null) {
            registry.close();
        }
    }

    /// Only how long requests take in all is told by its distribution, in buckets, which add up over several edges.
    /// By default Armeria has nine percentiles of each figure, kept for each set of labels.
    private static final class Distributions implements MeterFilter {
        private static final String TOTAL = NAME + ".total.duration";

        /// Bounds of the buckets, those of Prometheus's own clients.
        private static final double[] BOUNDS_NANOS = IntStream.of(
                        5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
                .mapToDouble(TimeUnit.MILLISECONDS::toNanos)
                .toArray();

        @Override
        public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
            return DistributionStatisticConfig.builder()
                    .percentiles()
                    .percentilesHistogram(false)
                    .serviceLevelObjectives(id.getName().equals(TOTAL) ? BOUNDS_NANOS : new double[0])
                    .build()
                    .merge(config);
        }
    }

    private static final class Labels implements MeterIdPrefixFunction {
        private static final MeterIdPrefix ACTIVE = new MeterIdPrefix(NAME);

        @Override
        public MeterIdPrefix activeRequestPrefix(MeterRegistry registry, RequestOnlyLog log) {
            return ACTIVE;
        }

        @Override
        public MeterIdPrefix completeRequestPrefix(MeterRegistry registry, RequestLog log) {
            var ctx = (ServiceRequestContext) log.context();
            Rpc rpc = RequestLabels.rpc(ctx);
            Failure failure = RequestLabels.failure(ctx);
            Status.Code code = failure == null ? Status.Code.OK : failure.code();
            return new MeterIdPrefix(
                    NAME,
                    List.of(
                            Tag.of("rpc", rpc == null ? "none" : rpc.path()),
                            Tag.of("http_status", log.responseHeaders().status().codeAsText()),
                            Tag.of("grpc_status", code.name())));
        }
    }
}
