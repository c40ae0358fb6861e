package bank.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import bank.platform.config.ServiceConfig.MetricsConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MetricsIT {
    private static MetricsConfig at(OptionalInt port) {
        return new MetricsConfig() {
            @Override
            public OptionalInt port() {
                return port;
            }

            @Override
            public String host() {
                return "127.0.0.1";
            }
        };
    }

    @Test
    void showsFiguresWhereTheSettingsSay() throws Exception {
        try (var metrics = Metrics.open(at(OptionalInt.of(0)))) {
            metrics.registry().counter("bank.events.published", "topic", "document.status").increment(3);

            var answer = get(metrics, "/metrics", "GET");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type)
                    .startsWith("text/plain; version=0.0.4"));
            assertThat(answer.body())
                    .contains("bank_events_published_total{topic=\"document.status\"} 3.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(get(metrics, "/metrics", "DELETE").statusCode()).isEqualTo(405);
            assertThat(get(metrics, "/metrics/other", "GET").statusCode()).isEqualTo(404);
            assertThatIllegalStateException()
                    .isThrownBy(() -> Metrics.open(at(metrics.port())).close())
                    .withMessageContaining("/metrics");
        }
    }

    @Test
    void measuresNothingUnlessAPortIsNamed() {
        try (var metrics = Metrics.open(at(OptionalInt.empty()))) {
            metrics.registry().counter("bank.test").increment();

            assertThat(metrics.port()).isEmpty();
            assertThat(metrics.registry().get("bank.test").counter().count()).isZero();
        }
    }

    private static HttpResponse<String> get(Metrics metrics, String path, String method) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + metrics.port().orElseThrow() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
