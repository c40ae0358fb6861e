package bank.platform.events;

import bank.platform.TestServices;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.testing.Eventually;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DocumentStatus;
import bank.v1.DocumentStatusChanged;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// A service with a database and a Kafka prefix of its own that publishes and consumes the events of documents, and
/// what its effects wrote.
final class EventScene implements AutoCloseable {
    static final Duration MAX = Duration.ofMinutes(3);
    private static final int CONNECTIONS = 24;

    final Database database;
    final MeterRegistry registry = new SimpleMeterRegistry();
    final String prefix = KafkaExtension.newPrefix();
    private final KafkaExtension kafka;
    private final Map<String, String> settings;
    private final Clock clock;
    private final RetrySchedule schedule;
    private final List<Events> open = new ArrayList<>();

    EventScene(PostgresExtension postgres, KafkaExtension kafka) {
        this(postgres, kafka, RetrySchedule.DEFAULT, Clock.systemUTC());
    }

    EventScene(PostgresExtension postgres, KafkaExtension kafka, RetrySchedule schedule, Clock clock) {
        this(postgres, kafka, schedule, clock, Map.of());
    }

    EventScene(
            PostgresExtension postgres,
            KafkaExtension kafka,
            RetrySchedule schedule,
            Clock clock,
            Map<String, String> settings) {
        this.kafka = kafka;
        this.schedule = schedule;
        this.clock = clock;
        this.settings = settings;
        database = Database.open(TestServices.database(postgres.createDatabase(), CONNECTIONS), "test");
        database.inTransaction(tx -> tx.sql()
                .execute("CREATE TABLE effect (number bigint GENERATED ALWAYS AS IDENTITY, key text, version bigint)"));
    }

    /// Another instance of the service.
    Events instance() {
        var all = new HashMap<>(Map.of("bootstrap-servers", kafka.bootstrapServers(), "prefix", prefix));
        all.putAll(settings);
        var events = new Events(database, TestServices.kafka(all), "test-service", schedule, clock, registry);
        open.add(events);
        return events;
    }

    static Event event(long documentId, long version) {
        return Event.of(
                DocumentStatusChanged.newBuilder()
                        .setDocumentId(documentId)
                        .setUserId(17)
                        .setStatus(DocumentStatus.DOCUMENT_STATUS_PROCESSED)
                        .setActor("user:17")
                        .build(),
                version);
    }

    /// Publishes an event in a transaction of its own.
    void publish(Events events, long documentId, long version) {
        database.inTransaction(tx -> {
            events.outbox().append(tx, event(documentId, version));
            return true;
        });
    }

    /// Writes down that an event had its effect.
    static int note(Tx tx, EventContext context) {
        return tx.sql().execute("INSERT INTO effect (key, version) VALUES (?, ?)", context.key(), context.version());
    }

    static Effect noted(EventContext context) {
        return tx -> note(tx, context);
    }

    /// Versions of the effects of a document, in the order they were applied in.
    List<Long> effects(long documentId) {
        return database.read(session -> session.sql()
                .createQuery("SELECT version FROM effect WHERE key = :key ORDER BY number")
                .bind("key", Long.toString(documentId))
                .mapTo(Long.class)
                .list());
    }

    long count(String table) {
        return database.read(session -> session.sql()
                .createQuery("SELECT count(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }

    void awaitEffects(long documentId, Long... versions) {
        eventually("effects of " + documentId, () -> effects(documentId).equals(List.of(versions)));
    }

    static void eventually(String what, Callable<Boolean> condition) {
        Eventually.holds(what, MAX, condition);
    }

    void close(Events events) {
        open.remove(events);
        events.close();
    }

    @Override
    public void close() {
        open.forEach(Events::close);
        database.close();
    }
}
