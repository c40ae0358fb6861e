package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.TestDocuments;
import bank.testing.TopicReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka goes away while people sign in, register and upload. No answer is another or too late for that, what
/// happened waits in the outboxes, and once Kafka is back it is told, in the order of its keys, and worked once.
///
/// `-Dbank.test.kafka.away=PT60S` for longer than the build has time for.
class KafkaAwayIT {
    private static final Duration AWAY = Duration.parse(System.getProperty("bank.test.kafka.away", "PT6S"));
    // BANK_EDGE_REQUEST_TIMEOUT where nobody sets it.
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);
    private static final Duration SETTLED_MAX = Duration.ofMinutes(3);
    private static final int CLIENTS = 2;
    private static final int REGISTRATIONS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int identityMetrics = ServiceProcesses.freePort();
    private final int documentMetrics = ServiceProcesses.freePort();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong slowest = new AtomicLong();
    private final CountDownLatch busy = new CountDownLatch(6 * CLIENTS);
    private ServiceProcesses services;
    private Http http;
    private String employee = "";

    /// Somebody and how often he signed in, or what he uploaded.
    private record Done(long user, long signIns, List<Long> documents) {}

    @Test
    void nobodyNoticesAndEverythingIsToldAfterwards(@TempDir Path directory) throws Exception {
        var settings = Map.of(
                "BANK_IDENTITY_METRICS_PORT", Integer.toString(identityMetrics),
                "BANK_DOCUMENT_METRICS_PORT", Integer.toString(documentMetrics),
                "BANK_IDENTITY_ADDRESS_REGISTRATIONS_MAX", "1000");
        try (var running = new ServiceProcesses(directory, "256m", settings)) {
            services = running;
            http = new Http(running.uri());
            enterTaxpayers();
            employee = http.token("employee@demo.test", RunningBank.PASSWORD);
            List<Done> done;
            try (var threads = Executors.newCachedThreadPool()) {
                done = workWhileKafkaGoesAway(threads);
            }
            var depths = List.of(depth(identityMetrics), depth(documentMetrics));
            assertThat(depths).allMatch(depth -> depth > 0);
            edgeStarts();

            services.start("kafka");
            var back = System.nanoTime();
            Eventually.holds(
                    "nothing waits to be published",
                    SETTLED_MAX,
                    () -> depth(identityMetrics) == 0 && depth(documentMetrics) == 0);
            var drained = Duration.ofNanos(System.nanoTime() - back);
            Eventually.holds("everybody is verified", SETTLED_MAX, () -> verified() == REGISTRATIONS);
            everybodyIsVerifiedOnce();
            var again = everythingIsTold(done);
            System.out.printf(
                    "Kafka was away for %d s: %d sign-ins, %d uploads, the slowest answer took %d ms; in the outboxes of"
                            + " identity-service and document-service waited %.0f and %.0f, for %d ms more; published"
                            + " again: %d%n",
                    AWAY.toSeconds(),
                    done.stream().mapToLong(Done::signIns).sum(),
                    done.stream().mapToLong(one -> one.documents().size()).sum(),
                    TimeUnit.NANOSECONDS.toMillis(slowest.get()),
                    depths.getFirst(),
                    depths.getLast(),
                    drained.toMillis(),
                    again);
        }
    }

    private List<Done> workWhileKafkaGoesAway(ExecutorService threads) throws Exception {
        var work = new ArrayList<Future<Done>>();
        try {
            for (var client = 0; client < CLIENTS; client++) {
                var signingIn = registered("signing-in-%d@example.com".formatted(client), "");
                work.add(threads.submit(() -> signIn(signingIn)));
                var uploading = registered("uploading-%d@example.com".formatted(client), "");
                work.add(threads.submit(() -> upload(uploading)));
            }
            assertThat(busy.await(1, TimeUnit.MINUTES)).isTrue();
            services.kill("kafka");
            var killed = System.nanoTime();
            for (var n = 0; n < REGISTRATIONS; n++) {
                registered(
                        "verified-%d@example.com".formatted(n),
                        ",\"identifierType\":\"NIN\",\"identifierValue\":\"%s\",\"first_name\":\"Ada\",\"last_name\":\"Lovelace\",\"birthday\":\"1990-12-10\""
                                .formatted(nin(n)));
            }
            Eventually.holds(
                    "Kafka was away long enough",
                    AWAY.plusSeconds(10),
                    () -> System.nanoTime() - killed >= AWAY.toNanos()
                            || work.stream().anyMatch(Future::isDone));
        } finally {
            over.set(true);
        }
        var done = new ArrayList<Done>();
        for (var one : work) {
            done.add(one.get());
        }
        return done;
    }

    private record Registered(long id, String email) {}

    private Registered registered(String email, String more) {
        var body = "{\"email\":\"%s\",\"password\":\"%s\"%s}".formatted(email, RunningBank.PASSWORD, more);
        var reply = http.json("POST", "/v1/auth/register", "", body).expect(201);
        return new Registered(reply.json().path("id").asLong(), email);
    }

    private Done signIn(Registered user) {
        var count = 0L;
        while (!over.get()) {
            timed(() -> http.token(user.email(), RunningBank.PASSWORD));
            count++;
            busy.countDown();
        }
        return new Done(user.id(), count, List.of());
    }

    private Done upload(Registered user) {
        var token = http.token(user.email(), RunningBank.PASSWORD);
        var content = TestDocuments.bytes("rent-contract.pdf");
        var documents = new ArrayList<Long>();
        while (!over.get()) {
            timed(() -> documents.add(
                    http.raw("POST", "/v1/dbo/documents", token, content, "Content-Type", "application/pdf")
                            .expect(201)
                            .json()
                            .path("document_id")
                            .asLong()));
            timed(() -> http.json(
                            "PUT",
                            "/v1/abs/documents/" + documents.getLast() + "/status",
                            employee,
                            "{\"status\":\"processing\"}")
                    .expect(200));
            busy.countDown();
        }
        return new Done(user.id(), 1, documents);
    }

    private void timed(Runnable call) {
        var began = System.nanoTime();
        call.run();
        var took = System.nanoTime() - began;
        slowest.accumulateAndGet(took, Math::max);
        assertThat(Duration.ofNanos(took)).isLessThan(ANSWERED_WITHIN);
    }

    /// Without Kafka.
    private void edgeStarts() {
        services.kill("edge");
        services.start("edge");
        http.get("/v1/users/me", employee).expect(200);
    }

    /// What `/metrics` of a service says.
    private static double depth(int metricsPort) {
        var metrics = new Http(URI.create("http://127.0.0.1:" + metricsPort));
        return metrics.get("/metrics", "")
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith("bank_outbox_depth"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    private void everybodyIsVerifiedOnce() throws SQLException {
        assertThat(number("identity", "SELECT count(*) FROM audit_event WHERE type = 'VERIFICATION_COMPLETED'"))
                .isEqualTo(REGISTRATIONS);
        assertThat(number("registry", "SELECT count(*) FROM verified_person WHERE value LIKE 'JG%'"))
                .isEqualTo(REGISTRATIONS);
    }

    /// @return how many events came more than once
    private int everythingIsTold(List<Done> done) {
        var activity = Topic.read(services, "system.logs.activity");
        var statuses = Topic.read(services, "document.status");
        var signIns = activity.of("session.signed_in");
        var uploads = activity.of("document.uploaded");
        var byDocument = statuses.events().stream()
                .collect(Collectors.groupingBy(event -> event.path("subject").asLong()));
        assertThat(done).allSatisfy(one -> {
            assertThat(signIns).containsEntry("user:" + one.user(), one.signIns());
            assertThat(one.documents()).allSatisfy(document -> {
                assertThat(uploads).containsEntry("document:" + document, 1L);
                var told = byDocument.get(document);
                assertThat(told)
                        .extracting(event -> event.at("/data/status").asText())
                        .containsExactly("DOCUMENT_STATUS_PENDING", "DOCUMENT_STATUS_PROCESSING");
                assertThat(told)
                        .extracting(event -> event.path("aggregateversion").asLong())
                        .isSorted();
            });
        });
        return activity.repeated() + statuses.repeated();
    }

    /// The events of a topic, each where it came first.
    private record Topic(List<JsonNode> events, int repeated) {
        static Topic read(ServiceProcesses services, String name) {
            try (var reader = new TopicReader(services.kafka(), name)) {
                var all = reader.all();
                Map<String, JsonNode> events = new LinkedHashMap<>();
                all.forEach(message -> {
                    var event = json(message.value());
                    assertThat(message.key()).isEqualTo(event.path("subject").asText());
                    events.putIfAbsent(event.path("id").asText(), event);
                });
                return new Topic(List.copyOf(events.values()), all.size() - events.size());
            }
        }

        private static JsonNode json(byte[] message) {
            try {
                return JSON.readTree(message);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// How often something was done, by to what.
        Map<String, Long> of(String action) {
            return events.stream()
                    .filter(event -> event.at("/data/action").asText().equals(action))
                    .collect(Collectors.groupingBy(
                            event -> event.at("/data/subject").asText(), Collectors.counting()));
        }
    }

    private void enterTaxpayers() throws SQLException {
        try (var registry = services.connect("registry");
                var insert = registry.prepareStatement(
                        "INSERT INTO taxpayer VALUES (?, 'Ada', 'Lovelace', '1990-12-10', false)")) {
            for (var nin :
                    IntStream.range(0, REGISTRATIONS).mapToObj(KafkaAwayIT::nin).toList()) {
                insert.setString(1, nin);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private long verified() throws SQLException {
        return number(
                "identity",
                "SELECT count(*) FROM bank_user WHERE email LIKE 'verified-%' AND verification = 'VERIFIED'");
    }

    private long number(String service, String query) throws SQLException {
        try (var connection = services.connect(service);
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String nin(int n) {
        return "JG%06dA".formatted(n);
    }
}
