package bank.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.platform.config.InvalidSettingsException;
import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingTest {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("HttpExporter Failed to export spans");

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    @ParameterizedTest
    @CsvSource({
        "OTEL_TRACES_SAMPLER, always_on, OTEL_SERVICE_NAME, x",
        "OTEL_EXPORTER_OTLP_ENDPOINT, ' ', OTEL_SERVICE_NAME, x",
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://127.0.0.1:1, OTEL_SDK_DISABLED, true",
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://127.0.0.1:1, OTEL_TRACES_EXPORTER, none",
    })
    void isOffWithoutAnEndpoint(String name, String value, String other, String otherValue) {
        var before = exporters();
        try (var tracing = Tracing.of("test", Map.of(name, value, other, otherValue))) {
            assertThat(tracing.isOn()).isFalse();
            var span = tracing.serving("x", _ -> List.of()).startSpan();
            assertThat(span.isRecording()).isFalse();
            assertThat(before).containsAll(exporters());
        }
    }

    @ParameterizedTest
    @CsvSource({"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"})
    void isOnWithOneAndNoThreadIsLeftAfterIt(String name) {
        var before = exporters();
        Set<Thread> begun;
        try (var tracing = Tracing.of("test", Map.of(name, "http://127.0.0.1:1/v1/traces"))) {
            assertThat(tracing.isOn()).isTrue();
            begun = exporters();
            begun.removeAll(before);
            assertThat(begun).isNotEmpty();
        }
        Eventually.holds(
                "the threads end", Duration.ofSeconds(20), () -> begun.stream().noneMatch(Thread::isAlive));
    }

    /// Threads that send spans.
    private static Set<Thread> exporters() {
        var threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("BatchSpanProcessor"));
        return threads;
    }

    @Test
    void takesOneTraceparentAndWhatBelongsToIt() {
        var parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        try (var tracing =
                Tracing.of("test", Map.of(ENDPOINT, "http://127.0.0.1:1", "OTEL_BSP_SCHEDULE_DELAY", "60000"))) {
            var span = tracing.serving(
                            "x", name -> name.equals("traceparent") ? List.of(parent) : List.of("a=1", "b=2"))
                    .startSpan();
            var id = span.getSpanContext().getSpanId();
            assertThat(Tracing.headers(span))
                    .isEqualTo(Map.of(
                            "traceparent",
                            "00-0af7651916cd43dd8448eb211c80319c-" + id + "-01",
                            "tracestate",
                            "a=1,b=2"));

            var twice = tracing.serving("x", _ -> List.of(parent, parent)).startSpan();
            assertThat(twice.getSpanContext().getTraceId()).isNotEqualTo("0af7651916cd43dd8448eb211c80319c");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OTEL_TRACES_SAMPLER, sometimes, otel.traces.sampler",
        "OTEL_BSP_SCHEDULE_DELAY, s3cret, otel.bsp.schedule.delay",
        "OTEL_EXPORTER_OTLP_HEADERS, s3cret, otel.exporter.otlp.headers",
    })
    void wrongSettingsAreToldWithoutTheirSecrets(String name, String value, String told) {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Tracing.of("test", Map.of(ENDPOINT, "http://127.0.0.1:1", name, value)))
                .withMessageContaining(told)
                .withMessageNotContaining("s3cret");
    }

    @Test
    void aReceiverThatIsSilentDoesNotHoldUpTheEnd() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var endpoint = "http://127.0.0.1:" + silent.getLocalPort();
            var tracing = Tracing.of("test", Map.of(ENDPOINT, endpoint, "OTEL_EXPORTER_OTLP_TIMEOUT", "4000"));
            tracing.serving("x", _ -> List.of()).startSpan().end();

            var begun = System.nanoTime();
            tracing.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            // Told here, not in the midst of a later test.
            Eventually.holds(
                    "the sender gives up",
                    Duration.ofSeconds(60),
                    () -> !log.lines().isEmpty());
        }
    }
}
