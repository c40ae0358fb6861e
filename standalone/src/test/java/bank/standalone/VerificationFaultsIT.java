package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.TopicReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users register, and have mistyped numbers corrected, while identity-service, registry-service, Kafka and PostgreSQL are killed by `kill -9`, one after the
/// other, at random. Afterwards everybody is verified or rejected as he should be, every event came, in the order of its
/// key, and what it did was done once.
///
/// `-Dbank.test.faults.registrations=10000` for more of it than the build has time for, `-Dbank.test.faults.seed=N` for
/// the kills of an earlier run.
class VerificationFaultsIT {
    private static final int REGISTRATIONS = Integer.getInteger("bank.test.faults.registrations", 60);
    private static final long SEED = Long.getLong("bank.test.faults.seed", System.nanoTime());
    private static final int KILLS = Math.max(4, REGISTRATIONS / 150);
    private static final List<String> VICTIMS = List.of("identity", "registry", "kafka", "postgres");
    private static final int CLIENTS = 8;
    // What is down is up again sooner than the last of them.
    private static final String RETRY_PAUSES = "PT1S,PT2S,PT4S,PT8S,PT15S,PT30S,PT30S,PT30S,PT30S,PT30S";
    private static final Duration SETTLED_MAX = Duration.ofMinutes(10);
    private static final Duration ANSWERED_MAX = Duration.ofMinutes(3);
    private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(200);
    private static final String LAST_NAME = "Lovelace";
    private static final ObjectMapper JSON = new ObjectMapper();

    /// So many registrations at most go on before what was killed is back.
    private static final int AHEAD = 15;

    private record Kill(String victim, int afterRegistrations, CountDownLatch due, CountDownLatch over) {
        Kill(String victim, int afterRegistrations) {
            this(victim, afterRegistrations, new CountDownLatch(afterRegistrations), new CountDownLatch(1));
        }
    }

    /// What a user gives, and what comes of it.
    private enum Kind {
        /// Verified.
        KNOWN,
        /// Rejected.
        UNDER_ANOTHER_NAME,
        /// Rejected, and verified when an employee has corrected the number.
        MISTYPED;

        static Kind of(int n) {
            return values()[n % values().length];
        }

        int requests() {
            return this == MISTYPED ? 2 : 1;
        }

        List<String> outcomes() {
            return switch (this) {
                case KNOWN -> List.of("VERIFICATION_STATUS_VERIFIED");
                case UNDER_ANOTHER_NAME -> List.of("VERIFICATION_STATUS_REJECTED");
                case MISTYPED -> List.of("VERIFICATION_STATUS_REJECTED", "VERIFICATION_STATUS_VERIFIED");
            };
        }
    }

    private final Set<String> refusals = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private ServiceProcesses services;
    private Http http;
    private volatile String employee = "";

    @Test
    void everybodyIsVerifiedOrRejectedOnceWhateverIsKilled(@TempDir Path directory) throws Exception {
        System.out.println("VerificationFaultsIT seed " + SEED);
        var settings = Map.of(
                "BANK_IDENTITY_ADDRESS_REGISTRATIONS_MAX", "100000",
                "BANK_IDENTITY_KAFKA_RETRY_PAUSES", RETRY_PAUSES,
                "BANK_REGISTRY_KAFKA_RETRY_PAUSES", RETRY_PAUSES);
        try (var running = new ServiceProcesses(directory, "256m", settings)) {
            services = running;
            http = new Http(running.uri());
            enterTaxpayers();
            var began = System.nanoTime();
            registerAmongKills();
            Eventually.holds("everybody is verified or rejected", SETTLED_MAX, () -> correctNumbers() && settled());
            Eventually.holds("nothing waits to be published", SETTLED_MAX, () -> waiting() == 0);
            var seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            var users = users();
            assertThat(users).hasSize(REGISTRATIONS);
            statesAreRight(users);
            effectsAreThereOnce(users);
            var again = eventsAreThereInOrder(users);
            System.out.printf(
                    "%d registrations, %d kills in %d s; events published again: %d; refused meanwhile: %s%n",
                    REGISTRATIONS, KILLS, seconds, again, refusals);
        }
    }

    private void registerAmongKills() throws Exception {
        var random = new Random(SEED);
        var kills = IntStream.range(0, KILLS)
                .mapToObj(n -> new Kill(VICTIMS.get(n % VICTIMS.size()), random.nextInt(REGISTRATIONS)))
                .sorted(java.util.Comparator.comparingInt(Kill::afterRegistrations))
                .toList();
        var next = new AtomicInteger();
        var going = new CountDownLatch(CLIENTS + 1);
        List<Future<Boolean>> work = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(CLIENTS + 2)) {
            for (var client = 0; client < CLIENTS; client++) {
                work.add(threads.submit(() -> {
                    try {
                        for (var n = next.getAndIncrement(); n < REGISTRATIONS; n = next.getAndIncrement()) {
                            for (var kill : kills) {
                                if (kill.afterRegistrations() + AHEAD <= n) {
                                    kill.over().await();
                                }
                            }
                            register(n);
                            kills.forEach(kill -> kill.due().countDown());
                        }
                    } finally {
                        going.countDown();
                    }
                    return true;
                }));
            }
            work.add(threads.submit(() -> {
                try {
                    for (var kill : kills) {
                        kill.due().await();
                        services.kill(kill.victim());
                        services.start(kill.victim());
                        kill.over().countDown();
                    }
                } finally {
                    kills.forEach(kill -> kill.over().countDown());
                    going.countDown();
                }
                return true;
            }));
            work.add(threads.submit(() -> {
                while (!going.await(LOOKED_AT_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    correctNumbersIfKnown();
                }
                return true;
            }));
            for (var done : work) {
                done.get();
            }
        }
    }

    private void register(int n) {
        var body = "{\"email\":\"%s\",\"password\":\"%s\",\"identifierType\":\"NIN\",\"identifierValue\":\"%s\","
                        .formatted(email(n), RunningBank.PASSWORD, Kind.of(n) == Kind.MISTYPED ? mistyped(n) : nin(n))
                + "\"first_name\":\"Ada\",\"last_name\":\"%s\",\"birthday\":\"1990-12-10\"}"
                        .formatted(Kind.of(n) == Kind.UNDER_ANOTHER_NAME ? "Byron" : LAST_NAME);
        var tries = new AtomicInteger();
        // The try before may have got through, its answer lost with a process.
        answered(
                () -> http.json("POST", "/v1/auth/register", "", body),
                reply -> reply.status() == 201
                        || tries.getAndIncrement() > 0 && reply.reason().equals("EMAIL_TAKEN"));
    }

    /// Asks until there is an answer that does not come of a process that is down.
    private void answered(Callable<Http.Reply> call, Function<Http.Reply, Boolean> wanted) {
        Eventually.holds("an answer", ANSWERED_MAX, () -> {
            try {
                var reply = call.call();
                if (wanted.apply(reply)) {
                    return true;
                }
                if (reply.status() < 500) {
                    throw new AssertionError(reply.status() + " " + reply.text());
                }
                refusals.add(reply.status() + " " + reply.reason());
                return false;
            } catch (UncheckedIOException connectionLost) {
                refusals.add(String.valueOf(connectionLost.getCause()));
                return false;
            }
        });
    }

    /// What an employee does for those who were rejected because of their number.
    private boolean correctNumbers() throws SQLException {
        for (var user : users()) {
            if (user.kind() == Kind.MISTYPED
                    && user.requests() == 1
                    && user.state().equals("REJECTED")) {
                correct(user);
            }
        }
        return true;
    }

    private void correctNumbersIfKnown() {
        try {
            correctNumbers();
        } catch (SQLException databaseIsDown) {
            refusals.add("SQL state " + databaseIsDown.getSQLState());
        }
    }

    private void correct(User user) {
        var body = "{\"identifier_type\":\"NIN\",\"identifier_value\":\"%s\"}".formatted(nin(user.n()));
        answered(
                () -> corrected(user.id(), body),
                reply -> reply.status() == 200 || reply.reason().startsWith("VERIFICATION_"));
    }

    /// The answer to an employee, who signs in when he has to.
    private Http.Reply corrected(long user, String body) {
        if (employee.isEmpty()) {
            var signedIn = http.json(
                    "POST",
                    "/v1/auth/login",
                    "",
                    "{\"email\":\"employee@demo.test\",\"password\":\"%s\"}".formatted(RunningBank.PASSWORD));
            if (signedIn.status() != 200) {
                return signedIn;
            }
            employee = signedIn.json().path("access_token").asText();
        }
        var reply = http.json("POST", "/v1/verifications/" + user + ":retry", employee, body);
        if (reply.status() == 401) {
            employee = "";
            return corrected(user, body);
        }
        return reply;
    }

    private boolean settled() throws SQLException {
        return users().stream()
                .allMatch(user -> user.requests() == user.kind().requests()
                        && List.of("VERIFIED", "REJECTED").contains(user.state()));
    }

    private void statesAreRight(List<User> users) {
        assertThat(users)
                .allSatisfy(user -> assertThat("VERIFICATION_STATUS_" + user.state())
                        .isEqualTo(user.kind().outcomes().getLast()));
    }

    private void effectsAreThereOnce(List<User> users) throws SQLException {
        var requests = users.stream().mapToInt(user -> user.kind().requests()).sum();
        var verified =
                users.stream().filter(user -> user.state().equals("VERIFIED")).count();
        try (var identity = services.connect("identity");
                var registry = services.connect("registry")) {
            var counts = rows(identity, """
                    SELECT subject, type, count(*) FROM audit_event
                    WHERE type IN ('REGISTERED', 'VERIFICATION_REQUESTED', 'VERIFICATION_COMPLETED')
                    GROUP BY subject, type""").stream()
                    .collect(Collectors.toMap(row -> row.get(0) + " " + row.get(1), row -> row.get(2)));
            assertThat(users).allSatisfy(user -> {
                var of = "user:" + user.id();
                var asked = Integer.toString(user.kind().requests());
                assertThat(counts)
                        .containsEntry(of + " REGISTERED", "1")
                        .containsEntry(of + " VERIFICATION_REQUESTED", asked)
                        .containsEntry(of + " VERIFICATION_COMPLETED", asked);
            });
            assertThat(number(identity, "SELECT count(*) FROM event_held")).isZero();
            assertThat(number(registry, "SELECT count(*) FROM event_held")).isZero();
            assertThat(number(identity, "SELECT count(*) FROM event_waiting")).isZero();
            assertThat(number(registry, "SELECT count(*) FROM event_waiting")).isZero();
            assertThat(number(registry, "SELECT count(*) FROM verified_person WHERE value LIKE 'JG%'"))
                    .isEqualTo(verified);
            assertThat(number(
                            registry,
                            "SELECT count(*) FROM event_inbox WHERE consumer = 'registry-service.verification'"))
                    .isEqualTo(requests);
        }
    }

    /// @return how many events came more than once
    private int eventsAreThereInOrder(List<User> users) throws SQLException {
        var requests = Topic.read(services, "identity.verification.request");
        var results = Topic.read(services, "identity.verification.result");
        var activity = Topic.read(services, "system.logs.activity");
        var registrations = activity.events().stream()
                .filter(event -> event.at("/data/action").asText().equals("user.registered"))
                .collect(
                        Collectors.groupingBy(event -> event.at("/data/subject").asText(), Collectors.counting()));
        var asked = requests.byUser();
        var answers = results.byUser();
        assertThat(users).allSatisfy(user -> {
            var outcomes = user.kind().outcomes();
            assertThat(registrations).containsEntry("user:" + user.id(), 1L);
            assertThat(asked.get(user.id()))
                    .extracting(event -> event.path("aggregateversion").asInt())
                    .isEqualTo(IntStream.rangeClosed(1, outcomes.size()).boxed().toList());
            var told = answers.get(user.id());
            assertThat(told)
                    .extracting(event -> event.path("aggregateversion").asInt())
                    .isSorted();
            // Of each request nothing is told after its end.
            for (var n = 1; n <= outcomes.size(); n++) {
                var request = n;
                assertThat(told)
                        .filteredOn(event -> event.path("aggregateversion").asInt() == request)
                        .extracting(event -> event.at("/data/outcome").asText())
                        .endsWith(outcomes.get(request - 1))
                        .filteredOn(outcome -> !outcome.equals("VERIFICATION_STATUS_PENDING"))
                        .hasSize(1);
            }
        });
        try (var identity = services.connect("identity")) {
            assertThat(number(
                            identity,
                            "SELECT count(*) FROM event_inbox WHERE consumer = 'identity-service.verification'"))
                    .isEqualTo(results.events().size());
        }
        return requests.repeated() + results.repeated() + activity.repeated();
    }

    /// The events of a topic, each where it came first.
    private record Topic(List<JsonNode> events, int repeated) {
        static Topic read(ServiceProcesses services, String name) {
            try (var reader = new TopicReader(services.kafka(), name)) {
                var all = reader.all();
                Map<String, JsonNode> events = new LinkedHashMap<>();
                all.forEach(message -> {
                    var event = json(message);
                    events.putIfAbsent(event.path("id").asText(), event);
                });
                return new Topic(List.copyOf(events.values()), all.size() - events.size());
            }
        }

        private static JsonNode json(ConsumerRecord<String, byte[]> message) {
            try {
                return JSON.readTree(message.value());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Map<Long, List<JsonNode>> byUser() {
            return events.stream()
                    .collect(
                            Collectors.groupingBy(event -> event.path("subject").asLong()));
        }
    }

    private record User(long id, int n, String state, int requests) {
        Kind kind() {
            return Kind.of(n);
        }
    }

    private List<User> users() throws SQLException {
        try (var identity = services.connect("identity")) {
            return rows(identity, """
                    SELECT u.id, substring(u.email FROM 'faults-([0-9]+)@'), u.verification, v.requests
                    FROM bank_user u JOIN verification v ON v.user_id = u.id WHERE u.email LIKE 'faults-%'
                    ORDER BY u.id""").stream()
                    .map(row -> new User(
                            Long.parseLong(row.get(0)),
                            Integer.parseInt(row.get(1)),
                            row.get(2),
                            Integer.parseInt(row.get(3))))
                    .toList();
        }
    }

    private long waiting() throws SQLException {
        try (var identity = services.connect("identity");
                var registry = services.connect("registry")) {
            var count = "SELECT count(*) FROM event_outbox";
            return number(identity, count) + number(registry, count);
        }
    }

    private void enterTaxpayers() throws SQLException {
        try (var registry = services.connect("registry");
                var insert =
                        registry.prepareStatement("INSERT INTO taxpayer VALUES (?, 'Ada', ?, '1990-12-10', false)")) {
            for (var n = 0; n < REGISTRATIONS; n++) {
                insert.setString(1, nin(n));
                insert.setString(2, LAST_NAME);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static List<List<String>> rows(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var all = new ArrayList<List<String>>();
            while (rows.next()) {
                var row = new ArrayList<String>();
                for (var column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(rows.getString(column));
                }
                all.add(row);
            }
            return all;
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        return Long.parseLong(rows(connection, query).getFirst().getFirst());
    }

    private static String email(int n) {
        return "faults-%d@example.com".formatted(n);
    }

    private static String nin(int n) {
        return "JG%06dA".formatted(n);
    }

    private static String mistyped(int n) {
        return "LG%06dA".formatted(n);
    }
}
