package bank.bench;

import bank.embedded.EmbeddedKafkaServer;
import bank.embedded.EmbeddedPostgresServer;
import bank.embedded.KafkaSettings;
import bank.embedded.PostgresSettings;
import bank.platform.config.KafkaConfig;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.config.Settings;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.events.Effect;
import bank.platform.events.Event;
import bank.platform.events.Events;
import bank.platform.events.RetrySchedule;
import bank.platform.events.Subscription;
import bank.v1.DocumentStatus;
import bank.v1.DocumentStatusChanged;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/// Events from the commit to the consumer, against the same bytes through a bare producer and consumer of Kafka, and
/// what an event costs the transaction that publishes it.
final class EventBench implements AutoCloseable {
    private static final int WRITERS = 8;
    private static final int KEYS = 500;
    private static final int CALM_PER_SECOND = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// Where the databases and Kafka of the measurement are.
    @ConfigMapping(prefix = "bank.bench")
    interface BenchConfig {
        /// The database.
        DatabaseConfig database();

        /// Kafka.
        KafkaConfig kafka();
    }

    private final Path directory;
    private final EmbeddedPostgresServer postgres;
    private final EmbeddedKafkaServer kafka;

    private EventBench(Path directory) {
        this.directory = directory;
        postgres = EmbeddedPostgresServer.start(PostgresSettings.durable(directory.resolve("postgres")));
        kafka = EmbeddedKafkaServer.start(KafkaSettings.durable(directory.resolve("kafka")));
    }

    static void main(String[] arguments) throws Exception {
        var rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        var count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
        try (var bench = new EventBench(Files.createTempDirectory("bank-bench-events"))) {
            bench.run(rounds, count);
        }
    }

    private void run(int rounds, int count) throws Exception {
        var throughput = new double[rounds];
        var delays = new double[rounds];
        var limits = new double[rounds];
        var costs = new double[rounds];
        var changes = new double[rounds];
        // The first is for the JIT.
        for (var round = -1; round < rounds; round++) {
            var prefix = "bench" + round + ".";
            var bare = new BareKafka(kafka.bootstrapServers(), prefix + "bare").run(count, CALM_PER_SECOND);
            var own = events(prefix, count);
            var without = writes(prefix, count / 2, Service::insert, false);
            var with = writes(prefix, count / 2, Service::insert, true);
            var change = writes(prefix + "change.", count / 2, Service::change, false);
            var changeWith = writes(prefix + "change.", count / 2, Service::change, true);
            System.out.printf(
                    "%sbare Kafka %,.0f events/s, p99 %.1f ms; outbox to inbox %,.0f events/s of %,.0f written, p99 %.1f ms;"
                            + " an insert %.2f ms, with an event %.2f ms; a change of status %.2f ms, with an event %.2f ms%n",
                    round < 0 ? "(warm-up) " : "",
                    bare.perSecond(),
                    bare.p99Millis(),
                    own.perSecond(),
                    own.writtenPerSecond(),
                    own.p99Millis(),
                    without,
                    with,
                    change,
                    changeWith);
            if (round >= 0) {
                throughput[round] = own.perSecond() / bare.perSecond();
                delays[round] = own.p99Millis() / bare.p99Millis();
                limits[round] = own.perSecond() / own.writtenPerSecond();
                costs[round] = with / without;
                changes[round] = changeWith / change;
            }
        }
        tell("throughput, outbox to inbox / bare Kafka", throughput);
        tell("p99 of the delay, outbox to inbox / bare Kafka", delays);
        tell("throughput, outbox to inbox / of the writes that filled the outbox", limits);
        tell("time of one insert, with an event / without", costs);
        tell("time of a change of status, with an event / without", changes);
    }

    private static void tell(String what, double[] ratios) {
        Arrays.sort(ratios);
        System.out.printf(
                "%s: median %.2f (%.2f to %.2f)%n",
                what, ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]);
    }

    /// @param perSecond events worked in a second, of a backlog
    /// @param writtenPerSecond transactions that wrote it
    /// @param p99Millis delay from the commit at a calm pace
    private record Figures(double perSecond, double writtenPerSecond, double p99Millis) {}

    private Figures events(String prefix, int count) throws Exception {
        var began = new AtomicLongArray(count * 2);
        var delays = new AtomicLongArray(count * 2);
        var worked = new AtomicInteger();
        try (var service = new Service(prefix)) {
            service.events.consume(Subscription.of("bench.documents")
                    .on(DocumentStatusChanged.getDefaultInstance(), (event, context) -> {
                        var n = (int) event.getUserId();
                        delays.set(n, System.nanoTime() - began.get(n));
                        worked.incrementAndGet();
                        return Effect.NONE;
                    }));
            // Written while nothing is published, so that neither disturbs the other.
            var begin = System.nanoTime();
            inParallel(count, (n, _) -> service.write(n, Service::insert, true));
            var written = count / seconds(begin);
            begin = System.nanoTime();
            service.events.start();
            // To count rows takes the database's time, so that comes last.
            await(() -> worked.get() >= count && service.inbox() >= count);
            var perSecond = count / seconds(begin);
            var calm = Math.min(count, CALM_PER_SECOND * 10);
            for (var n = count; n < count + calm; n++) {
                var next = System.nanoTime() + 1_000_000_000L / CALM_PER_SECOND;
                service.write(n, Service::insert, true);
                began.set(n, System.nanoTime());
                while (System.nanoTime() < next) {
                    Thread.onSpinWait();
                }
            }
            await(() -> worked.get() >= count + calm && service.inbox() >= count + calm);
            var sorted = IntStream.range(count, count + calm)
                    .mapToLong(delays::get)
                    .sorted()
                    .toArray();
            return new Figures(perSecond, written, sorted[(int) (sorted.length * 0.99)] / 1e6);
        }
    }

    /// @return milliseconds a transaction takes, of several at once
    private double writes(String prefix, int count, BiConsumer<Tx, Long> work, boolean publish) throws Exception {
        try (var service = new Service(prefix + publish + ".")) {
            var begin = System.nanoTime();
            inParallel(count, (n, _) -> service.write(n, work, publish));
            return seconds(begin) * 1_000 / count;
        }
    }

    private static void inParallel(int count, BiConsumer<Integer, Integer> work) throws Exception {
        var next = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(WRITERS)) {
            var running = IntStream.range(0, WRITERS)
                    .mapToObj(writer -> (Callable<Boolean>) () -> {
                        for (var n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                            work.accept(n, writer);
                        }
                        return true;
                    })
                    .toList();
            for (var done : threads.invokeAll(running)) {
                done.get();
            }
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("events are missing");
            }
            Thread.sleep(5);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /// A service with a database and topics of its own.
    private final class Service implements AutoCloseable {
        private final Database database;
        private final Events events;

        Service(String prefix) {
            var own = postgres.createDatabase("bench_" + Integer.toHexString(prefix.hashCode()));
            var config = Settings.of(
                    BenchConfig.class,
                    Map.of(
                            "bank.bench.database.url", own.jdbcUrl(),
                            "bank.bench.database.user", own.user(),
                            "bank.bench.database.password", own.password(),
                            "bank.bench.kafka.bootstrap-servers", kafka.bootstrapServers(),
                            "bank.bench.kafka.prefix", prefix));
            database = Database.open(config.database(), "bench");
            events = new Events(
                    database,
                    config.kafka(),
                    "bench-service",
                    RetrySchedule.DEFAULT,
                    Clock.systemUTC(),
                    new SimpleMeterRegistry());
        }

        /// A transaction, with an event or without.
        void write(int n, BiConsumer<Tx, Long> work, boolean publish) {
            var document = ThreadLocalRandom.current().nextLong(1, KEYS + 1);
            database.inTransaction(tx -> {
                work.accept(tx, document);
                if (publish) {
                    events.outbox().append(tx, event(n, document));
                }
                return true;
            });
        }

        /// The least a transaction can write.
        static void insert(Tx tx, long document) {
            tx.sql().execute("INSERT INTO change (document_id, status) VALUES (?, 'processed')", document);
        }

        /// The statements that a change of a document's status has at least.
        static void change(Tx tx, long document) {
            tx.sql()
                    .createQuery("SELECT status FROM document WHERE id = :id FOR UPDATE")
                    .bind("id", document)
                    .mapTo(String.class)
                    .one();
            tx.sql()
                    .createUpdate("UPDATE document SET status = :status WHERE id = :id")
                    .bind("status", "processed")
                    .bind("id", document)
                    .execute();
            insert(tx, document);
        }

        long inbox() {
            return database.read(session -> session.sql()
                    .createQuery("SELECT count(*) FROM event_inbox")
                    .mapTo(Long.class)
                    .one());
        }

        @Override
        public void close() {
            events.close();
            database.close();
        }
    }

    private static Event event(int n, long document) {
        return Event.of(
                DocumentStatusChanged.newBuilder()
                        .setDocumentId(document)
                        .setUserId(n)
                        .setFromStatus(DocumentStatus.DOCUMENT_STATUS_PROCESSING)
                        .setStatus(DocumentStatus.DOCUMENT_STATUS_PROCESSED)
                        .setContentVersion(1)
                        .setActor("user:17")
                        .build(),
                n);
    }

    @Override
    public void close() throws IOException {
        kafka.close();
        postgres.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
