package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OutboxRelayIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("SQLSTATE(57P01)", "WARN OutboxRelay events wait in the outbox");

    private static final int EVENTS = 20_000;
    private static final int KEYS = 50;
    private static final int WRITERS = 8;
    private static final int RELAYS = 4;

    private EventScene scene;

    @BeforeEach
    void open() {
        scene = new EventScene(postgres, kafka);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void severalRelaysPublishEachEventOnceAndThoseOfAKeyInTheOrderOfTheirTransactions() throws Exception {
        scene.database.inTransaction(tx -> tx.sql().execute("CREATE TABLE counter (key bigint PRIMARY KEY, n bigint)"));
        var instances = new ArrayList<Events>();
        for (var i = 0; i < RELAYS; i++) {
            var instance = scene.instance();
            instance.start();
            instances.add(instance);
        }
        try (var threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (var i = 0; i < WRITERS; i++) {
                var outbox = instances.get(i % RELAYS).outbox();
                writers.add(() -> write(outbox));
            }
            for (var done : threads.invokeAll(writers)) {
                assertThat(done.get()).isTrue();
            }
        }

        Map<String, List<Long>> published = new HashMap<>();
        for (var message : read("document.status", EVENTS)) {
            var event = CloudEventJson.read(message.headers(), message.value());
            published.computeIfAbsent(message.key(), key -> new ArrayList<>()).add(CloudEventJson.version(event));
        }
        assertThat(published).hasSize(KEYS);
        assertThat(published.values().stream().mapToInt(List::size).sum()).isEqualTo(EVENTS);
        published.values().forEach(versions -> assertThat(versions).isSorted().doesNotHaveDuplicates());
        EventScene.eventually("outbox is empty", () -> scene.count("event_outbox") == 0);
    }

    /// Counts the changes of each key, as a version does, and publishes them.
    private boolean write(Outbox outbox) {
        for (var i = 0; i < EVENTS / WRITERS; i++) {
            var key = ThreadLocalRandom.current().nextLong(1, KEYS + 1);
            scene.database.inTransaction(tx -> {
                long n = tx.sql()
                        .createQuery("""
                                INSERT INTO counter VALUES (:key, 1)
                                ON CONFLICT (key) DO UPDATE SET n = counter.n + 1 RETURNING n""")
                        .bind("key", key)
                        .mapTo(Long.class)
                        .one();
                outbox.append(tx, EventScene.event(key, n));
                return true;
            });
        }
        return true;
    }

    @Test
    void aTransactionWithAnEventOfAKeyWaitsForTheOneBefore() throws Exception {
        var events = scene.instance();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var appended = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            var first = threads.submit(() -> scene.database.inTransaction(tx -> {
                events.outbox().append(tx, EventScene.event(1, 1));
                appended.countDown();
                return await(go);
            }));
            assertThat(await(appended)).isTrue();
            var second = threads.submit(() -> scene.database.inTransaction(tx -> {
                events.outbox().append(tx, EventScene.event(1, 2));
                return true;
            }));
            EventScene.eventually("the second waits for the lock", () -> waiting() == 1);
            // Another key, and a topic without an order, wait for nobody.
            scene.publish(events, 2, 1);
            go.countDown();
            assertThat(first.get()).isTrue();
            assertThat(second.get()).isTrue();
        }
        assertThat(scene.database.<List<String>>read(session -> session.sql()
                        .createQuery("SELECT convert_from(value, 'UTF8')::json ->> 'aggregateversion'"
                                + " FROM event_outbox WHERE key = '1' ORDER BY number")
                        .mapTo(String.class)
                        .list()))
                .containsExactly("1", "2");
    }

    private long waiting() {
        return scene.database.read(session -> session.sql()
                .createQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                .mapTo(Long.class)
                .one());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(EventScene.MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatARelayPublishedAndCouldNotRemoveIsPublishedAgain() {
        var events = scene.instance();
        scene.publish(events, 1, 1);
        scene.database.inTransaction(tx -> tx.sql().execute("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'killed' USING ERRCODE = '57P01'; END $$"""));
        scene.database.inTransaction(tx -> tx.sql()
                .execute("CREATE TRIGGER refuse BEFORE DELETE ON event_outbox FOR EACH ROW EXECUTE FUNCTION refuse()"));
        events.start();
        assertThat(read("document.status", 2)).hasSizeGreaterThanOrEqualTo(2);

        scene.database.inTransaction(tx -> tx.sql().execute("DROP TRIGGER refuse ON event_outbox"));
        EventScene.eventually("outbox is empty", () -> scene.count("event_outbox") == 0);
        var ids = new HashSet<String>();
        read("document.status", 2)
                .forEach(message -> ids.add(
                        CloudEventJson.read(message.headers(), message.value()).getId()));
        assertThat(ids).hasSize(1);
    }

    @Test
    void publishesCloudEventsInJson() {
        var events = scene.instance();
        events.start();
        scene.publish(events, 789, 3);

        var message = read("document.status", 1).getFirst();
        assertThat(message.key()).isEqualTo("789");
        assertThat(new String(message.headers().lastHeader("content-type").value(), StandardCharsets.UTF_8))
                .startsWith("application/cloudevents+json");
        var event = CloudEventJson.read(message.headers(), message.value());
        assertThat(event.getSource()).hasToString("/test-service");
        assertThat(event.getType()).isEqualTo("bank.v1.DocumentStatusChanged");
        assertThat(event.getSubject()).isEqualTo("789");
        assertThat(event.getId()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(event.getExtension("aggregateversion")).isEqualTo("3");
        assertThat(new String(message.value(), StandardCharsets.UTF_8))
                .contains("\"data\":{\"document_id\":\"789\",\"user_id\":\"17\"")
                .contains("\"status\":\"DOCUMENT_STATUS_PROCESSED\"");
    }

    @Test
    void tellsWhatWaits() {
        var events = scene.instance();
        assertThat(events.backlog()).isEqualTo(new OutboxBacklog(0, Duration.ZERO));
        scene.publish(events, 1, 1);
        scene.publish(events, 2, 1);

        assertThat(events.backlog().depth()).isEqualTo(2);
        assertThat(events.backlog().age()).isPositive().isLessThan(EventScene.MAX);
    }

    /// Messages of a topic, from its beginning; waits until there are so many.
    private List<ConsumerRecord<String, byte[]>> read(String topic, int count) {
        var found = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", (Object) kafka.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var name = scene.prefix + topic;
            EventScene.eventually("topic " + name, () -> consumer.listTopics().containsKey(name));
            var partitions = consumer.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            EventScene.eventually(count + " messages", () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
                return found.size() >= count;
            });
        }
        return found;
    }
}
