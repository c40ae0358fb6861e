package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.events.CloudEventJson;
import bank.testing.Eventually;
import bank.testing.KafkaExtension;
import bank.testing.TopicReader;
import bank.v1.AccessLogged;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests told by events.
class AccessEventsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    // Over HTTP/2 each connection would begin with an upgrade.
    private static final HttpClient WEB =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @Test
    void tellOfEveryRequestWhoAskedForWhatAndHowItEnded() {
        var prefix = KafkaExtension.newPrefix();
        try (var bank = new TestBank(settings(kafka.bootstrapServers(), prefix))) {
            bank.send(bank.request("/v1/abs/documents/789?id=secret").header("X-Request-Id", "wrong-query"));
            bank.send(bank.request("/v1/abs/documents/789").header("X-Request-Id", "well"));
            bank.send(bank.request("/v1/abs/documents/404").header("X-Request-Id", "not-found"));
            bank.send(HttpRequest.newBuilder(bank.uri("/v1/abs/documents/789")).header("X-Request-Id", "nobody"));
            bank.send(bank.request("/v1/made-up/4711").header("X-Request-Id", "nowhere"));
            bank.send(bank.request("/bank.v1.DocumentReviewService/GetDocument")
                    .header("Content-Type", "application/grpc-web")
                    .header("X-Request-Id", "grpc-web")
                    .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));

            var told = read(prefix, 6);

            assertThat(told).allMatch(event -> event.getDuration().getNanos() > 0);
            assertThat(told)
                    .extracting(event -> String.join(
                            " ",
                            event.getRequestId(),
                            event.getMethod(),
                            event.getPathTemplate(),
                            Integer.toString(event.getStatus()),
                            event.getCaller()))
                    .containsExactlyInAnyOrder(
                            "wrong-query GET /v1/abs/documents/{id} 400 user:17",
                            "well GET /v1/abs/documents/{id} 200 user:17",
                            "not-found GET /v1/abs/documents/{id} 404 user:17",
                            "nobody GET /v1/abs/documents/{id} 401 ",
                            "nowhere GET  404 ",
                            "grpc-web POST /bank.v1.DocumentReviewService/GetDocument 200 user:17");
        }
    }

    @Test
    void tellOfWhatIsNoRequestUnderTheIdOfItsAnswer() throws Exception {
        var prefix = KafkaExtension.newPrefix();
        try (var bank = new TestBank(settings(kafka.bootstrapServers(), prefix));
                var client = new RawHttp(bank.edge.port())) {
            client.send("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: edge\r\n\r\n");
            var answer = client.receive();
            assertThat(answer).isNotNull();

            assertThat(read(prefix, 1)).singleElement().satisfies(event -> {
                assertThat(event.getRequestId()).isEqualTo(answer.header("x-request-id"));
                assertThat(event.getMethod()).isEqualTo("UNKNOWN");
                assertThat(event.getPathTemplate()).isEmpty();
                assertThat(event.getStatus()).isEqualTo(414);
            });
        }
    }

    // At the first nobody listens, the second is nowhere (RFC 2606).
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9", "kafka.invalid:9092"})
    void areDroppedAndCountedWhileKafkaIsAwayAndNoRequestWaits(String servers) throws Exception {
        try (var bank = new TestBank(settings(servers, "none."))) {
            var began = System.nanoTime();
            for (var request = 0; request < 50; request++) {
                assertThat(bank.get("/v1/abs/documents/789").statusCode()).isEqualTo(200);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            Eventually.holds(
                    "what was not told is counted",
                    PATIENCE,
                    () -> figure(bank, "bank_edge_access_events_dropped_total") >= 50);
            assertThat(figure(bank, "bank_edge_access_events_published_total")).isZero();
        }
    }

    @Test
    void areCountedWhereTheyArrive() throws Exception {
        var prefix = KafkaExtension.newPrefix();
        try (var bank = new TestBank(settings(kafka.bootstrapServers(), prefix))) {
            bank.get("/v1/abs/documents/789");
            Eventually.holds(
                    "what was told is counted",
                    PATIENCE,
                    () -> figure(bank, "bank_edge_access_events_published_total") >= 1);
            assertThat(figure(bank, "bank_edge_access_events_dropped_total")).isZero();
        }
    }

    @Test
    void areToldAgainOnATopicThatWasDeleted() throws Exception {
        var prefix = KafkaExtension.newPrefix();
        var topic = prefix + "system.logs.access";
        try (var bank = new TestBank(settings(kafka.bootstrapServers(), prefix));
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            bank.get("/v1/abs/documents/789");
            read(prefix, 1);
            admin.deleteTopics(List.of(topic)).all().get();
            Eventually.holds("the topic is there again", PATIENCE, () -> {
                bank.get("/v1/abs/documents/789");
                return admin.listTopics().names().get().contains(topic);
            });
            bank.get("/v1/abs/documents/789");
            read(prefix, 1);
        }
    }

    @Test
    void areToldBeforeTheEdgeStops() {
        var prefix = KafkaExtension.newPrefix();
        try (var bank = new TestBank(settings(kafka.bootstrapServers(), prefix))) {
            for (var request = 0; request < 20; request++) {
                bank.get("/v1/abs/documents/789");
            }
        }
        assertThat(read(prefix, 20)).hasSize(20);
    }

    private static Map<String, String> settings(String servers, String prefix) {
        return Map.of(
                "bank.edge.metrics.port",
                "0",
                "bank.edge.kafka.bootstrap-servers",
                servers,
                "bank.edge.kafka.prefix",
                prefix,
                "bank.edge.kafka.partitions",
                "1");
    }

    private static List<AccessLogged> read(String prefix, int count) {
        try (var reader = new TopicReader(kafka.bootstrapServers(), prefix + "system.logs.access")) {
            return reader.first(count).stream().map(AccessEventsIT::said).toList();
        }
    }

    private static AccessLogged said(ConsumerRecord<String, byte[]> message) {
        assertThat(new String(message.value(), StandardCharsets.UTF_8)).doesNotContain("Bearer", "secret");
        var event = CloudEventJson.read(message.headers(), message.value());
        var said = CloudEventJson.payload(event, AccessLogged.getDefaultInstance());
        assertThat(message.key()).isEqualTo(said.getRequestId());
        return said;
    }

    private static double figure(TestBank bank, String name) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + bank.edge.metricsPort().orElseThrow() + "/metrics");
        return WEB.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }
}
