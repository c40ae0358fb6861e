package bank.platform.telemetry;

import bank.platform.config.ServiceConfig.MetricsConfig;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Figures of one service, for Prometheus at `/metrics` of a listener of their own. Where the settings name no port,
/// nothing is measured.
public final class Metrics implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final MeterRegistry registry;
    private final @Nullable JvmGcMetrics collections;
    private final @Nullable HttpServer server;
    private final @Nullable ExecutorService threads;

    private Metrics() {
        registry = new CompositeMeterRegistry();
        collections = null;
        server = null;
        threads = null;
    }

    private Metrics(PrometheusMeterRegistry registry, HttpServer server) {
        this.registry = registry;
        this.server = server;
        collections = new JvmGcMetrics();
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        FunctionCounter.builder("bank.log.dropped", QueuedLog.dropped(), LongAdder::doubleValue)
                .description("Lines of the log that nobody took in time")
                .register(registry);
        threads = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("metrics").daemon().factory());
        server.setExecutor(threads);
        server.createContext("/metrics", exchange -> answer(exchange, registry));
        server.start();
    }

    /// Measures nothing.
    public static Metrics off() {
        return new Metrics();
    }

    /// Listens as the settings say.
    ///
    /// @throws IllegalStateException when the port cannot be had
    public static Metrics open(MetricsConfig config) {
        if (config.port().isEmpty()) {
            return off();
        }
        var address = new InetSocketAddress(config.host(), config.port().getAsInt());
        try {
            return new Metrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), HttpServer.create(address, 0));
        } catch (IOException e) {
            throw new IllegalStateException("cannot listen on " + address + " for /metrics", e);
        }
    }

    private static void answer(HttpExchange exchange, PrometheusMeterRegistry registry) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else {
                var text = registry.scrape().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", TEXT);
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            }
        }
    }

    /// Where figures are kept.
    public MeterRegistry registry() {
        return registry;
    }

    /// Port listened on; empty when nothing is measured.
    public OptionalInt port() {
        return server == null
                ? OptionalInt.empty()
                : OptionalInt.of(server.getAddress().getPort());
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
        if (threads != null) {
            threads.shutdownNow();
        }
        if (collections != null) {
            collections.close();
        }
        registry.close();
    }
}
