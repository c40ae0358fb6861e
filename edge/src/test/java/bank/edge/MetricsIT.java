package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.TraceReceiver;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What operators see of requests: figures and lines.
class MetricsIT {
    private static String metrics(TestBank bank) throws Exception {
        try (var web = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + bank.edge.metricsPort().orElseThrow() + "/metrics");
            return web.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void countRequestsByRpcAndStatus() throws Exception {
        try (var bank = new TestBank(Map.of("bank.edge.metrics.port", "0"));
                var lines = new Lines()) {
            bank.get("/v1/abs/documents/789");
            bank.get("/v1/abs/documents/404");
            bank.get("/v1/made-up/4711");
            bank.send(HttpRequest.newBuilder(bank.uri("/bank.v1.DocumentReviewService/GetDocument"))
                    .header("Content-Type", "application/grpc-web")
                    .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));
            lines.await(4);

            String rpc = "rpc=\"/bank.v1.DocumentReviewService/GetDocument\"";
            assertThat(metrics(bank).lines())
                    .anyMatch(line -> line.startsWith("bank_edge_requests_total{")
                            && line.contains("grpc_status=\"OK\",http_status=\"200\"")
                            && line.contains(rpc))
                    .anyMatch(line ->
                            line.contains("grpc_status=\"NOT_FOUND\",http_status=\"404\"") && line.contains(rpc))
                    .anyMatch(line ->
                            line.contains("grpc_status=\"UNAUTHENTICATED\",http_status=\"200\"") && line.contains(rpc))
                    .anyMatch(line -> line.contains("grpc_status=\"NOT_FOUND\",http_status=\"404\"")
                            && line.contains("rpc=\"none\""))
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"))
                    .noneMatch(line -> line.contains("made-up") || line.contains("/v1/"));
            assertThat(bank.get("/metrics").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void tellHowLongRequestsTakeInBucketsAndNothingElseSo() throws Exception {
        try (var bank = new TestBank(Map.of("bank.edge.metrics.port", "0"));
                var lines = new Lines()) {
            bank.get("/v1/abs/documents/789");
            lines.await(1);

            String labels =
                    "{grpc_status=\"OK\",http_status=\"200\",rpc=\"/bank.v1.DocumentReviewService/GetDocument\"";
            assertThat(metrics(bank).lines())
                    .contains(
                            "bank_edge_total_duration_seconds_bucket" + labels + ",le=\"10.0\"} 1",
                            "bank_edge_total_duration_seconds_count" + labels + "} 1",
                            "bank_edge_request_duration_seconds_count" + labels + "} 1",
                            "bank_edge_response_length_count" + labels + "} 1")
                    .noneMatch(line -> line.contains("quantile="))
                    .noneMatch(line ->
                            line.contains("_bucket{") && !line.startsWith("bank_edge_total_duration_seconds_bucket{"));
        }
    }

    @Test
    void countWhatIsNoRequest() throws Exception {
        try (var bank = new TestBank(Map.of("bank.edge.metrics.port", "0"))) {
            for (var request = 0; request < 2; request++) {
                try (var client = new RawHttp(bank.edge.port())) {
                    client.send("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: edge\r\n\r\n");
                    var answer = client.receive();
                    assertThat(answer).isNotNull();
                    assertThat(answer.status()).isEqualTo(414);
                }
            }
            assertThat(metrics(bank).lines()).contains("bank_edge_refused_total{http_status=\"414\"} 2.0");
        }
    }

    @Test
    void countLinesOfTheLogThatAreLost() throws Exception {
        try (var bank = new TestBank(Map.of("bank.edge.metrics.port", "0"))) {
            assertThat(metrics(bank)).contains("\nbank_edge_log_dropped_total ");
        }
    }

    @Test
    void countWhatPagesRefuse() throws Exception {
        try (var bank = new TestBank(Map.of("bank.edge.metrics.port", "0"));
                var lines = new Lines()) {
            bank.json("POST", "/healthz", "{}");
            assertThat(lines.await(1)).contains("status=405", "reason=METHOD_NOT_ALLOWED");
            bank.json("POST", "/docs/", "{}");
            assertThat(lines.await(1)).contains("status=405", "reason=METHOD_NOT_ALLOWED");
            bank.get("/docs/none");
            assertThat(lines.await(1)).contains("status=404", "reason=ROUTE_NOT_FOUND");

            assertThat(metrics(bank).lines())
                    .anyMatch(line -> line.contains("grpc_status=\"UNIMPLEMENTED\",http_status=\"405\""))
                    .anyMatch(line -> line.contains("grpc_status=\"NOT_FOUND\",http_status=\"404\""))
                    .noneMatch(line -> line.contains("grpc_status=\"OK\",http_status=\"40"));
        }
    }

    @Test
    void areOffByDefault() {
        try (var bank = new TestBank()) {
            assertThat(bank.edge.metricsPort()).isEmpty();
        }
    }

    @Test
    void logOneJsonObjectARequest() throws Exception {
        try (var bank = new TestBank(Map.of("bank.edge.access-log", "json"));
                var lines = new Lines()) {
            bank.send(bank.request("/v1/abs/documents/404?id=5").header("X-Request-Id", "req-1"));
            String line = lines.await(1);

            assertThat(line)
                    .startsWith("{\"time\":\"2")
                    .contains("\"method\":\"GET\",\"path\":\"/v1/abs/documents/{id}\"")
                    .contains("\"rpc\":\"/bank.v1.DocumentReviewService/GetDocument\",\"protocol\":\"h1c\"")
                    .contains("\"grpc_status\":\"INVALID_ARGUMENT\",\"reason\":\"INVALID_FIELD\"")
                    .contains("\"status\":400", "\"request_id\":\"req-1\"")
                    .endsWith("}")
                    .doesNotContain("404", "Bearer", "127.0.0.1", "\n");
        }
    }

    @Test
    void linesNameTheTraceOfARecordedRequest() throws Exception {
        try (var receiver = new TraceReceiver();
                var bank = new TestBank(Map.of("bank.edge.access-log", "json"), List.of(), receiver.overHttp());
                var lines = new Lines()) {
            String trace = "0af7651916cd43dd8448eb211c80319c";
            bank.send(bank.request("/v1/abs/documents/789")
                    .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01"));
            assertThat(lines.await(1)).contains("\"trace_id\":\"" + trace + "\"");
            bank.send(bank.request("/v1/abs/documents/789")
                    .header("traceparent", "00-" + trace + "-b7ad6b7169203331-00"));
            assertThat(lines.await(1)).doesNotContain("trace_id");
        }
    }

    /// The lines of the access log.
    private static final class Lines implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger("bank.edge.access");
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage());
            }
        };

        Lines() {
            appender.setContext(logger.getLoggerContext());
            appender.start();
            logger.setLevel(Level.INFO);
            logger.setAdditive(false);
            logger.addAppender(appender);
        }

        String await(int count) throws InterruptedException {
            String last = "";
            for (int i = 0; i < count; i++) {
                last = lines.poll(20, TimeUnit.SECONDS);
                assertThat(last).isNotNull();
            }
            return last;
        }

        @Override
        public void close() {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }
}
