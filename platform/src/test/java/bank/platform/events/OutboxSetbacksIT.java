package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestServices;
import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import com.google.protobuf.ByteString;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What Kafka does not take holds up nothing else.
class OutboxSetbacksIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN OutboxRelay events");

    private static final String TOPIC = "document.status";
    private static final int KEYS = 100;
    // Beyond what a producer sends, its value alone is not.
    private static final Map<String, String> LONG = Map.of("long", "x".repeat(400_000));

    private EventScene scene;
    private Events events;

    @BeforeEach
    void open() {
        scene = new EventScene(postgres, kafka);
        events = scene.instance();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static int lane(String topic, long key) {
        return Math.floorMod(OutboxStore.lock(topic, Long.toString(key)), OutboxStore.LANES);
    }

    private void append(String topic, String key, Map<String, String> headers, int bytes) {
        scene.database.inTransaction(tx -> {
            events.outbox()
                    .append(
                            tx,
                            new OutgoingMessage(topic, key, headers, ByteString.copyFromUtf8("x".repeat(bytes)), true));
            return true;
        });
    }

    @Test
    void aMessageThatIsTooLongHoldsUpThoseOfItsTopicAndLaneAlone() {
        append(TOPIC, "1", LONG, 800_000);
        for (var key = 1; key <= KEYS; key++) {
            append(TOPIC, Integer.toString(key), Map.of(), 10);
            append("other.topic", Integer.toString(key), Map.of(), 10);
        }
        var left = 1
                + LongStream.rangeClosed(1, KEYS)
                        .filter(key -> lane(TOPIC, key) == lane(TOPIC, 1))
                        .count();
        events.start();

        EventScene.eventually("all others are published", () -> scene.count("event_outbox") == left);
        EventScene.eventually("somebody is told", () -> !log.lines().isEmpty());
        assertThat(scene.count("event_outbox WHERE topic = 'document.status' AND lane = " + lane(TOPIC, 1)))
                .isEqualTo(left);

        scene.database.inTransaction(
                tx -> tx.sql().execute("UPDATE event_outbox SET headers = '{}' WHERE headers <> '{}'"));
        EventScene.eventually("the rest is published", () -> scene.count("event_outbox") == 0);
    }

    @Test
    void aTopicThatCannotBeMadeHoldsUpNoOther() {
        for (var key = 1; key <= KEYS; key++) {
            append("no topic", Integer.toString(key), Map.of(), 10);
            append(TOPIC, Integer.toString(key), Map.of(), 10);
        }
        events.start();

        EventScene.eventually(
                "all others are published", () -> scene.count("event_outbox WHERE topic = 'document.status'") == 0);
        assertThat(scene.count("event_outbox")).isEqualTo(KEYS);
    }

    @Test
    void aTopicThatWasDeletedIsMadeAgainAndKeptForAWeek() throws Exception {
        events.start();
        scene.publish(events, 1, 1);
        EventScene.eventually("outbox is empty", () -> scene.count("event_outbox") == 0);
        var name = scene.prefix + TOPIC;
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(List.of(name)).all().get();
            scene.publish(events, 1, 2);
            EventScene.eventually("outbox is empty", () -> scene.count("event_outbox") == 0);
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
            assertThat(admin.describeConfigs(List.of(topic))
                            .all()
                            .get()
                            .get(topic)
                            .get("retention.ms")
                            .value())
                    .isEqualTo("604800000");
        }
    }

    @Test
    void aRelayWithoutAWayToKafkaTriesOneLaneAtATime() {
        for (var key = 1; key <= KEYS; key++) {
            append(TOPIC, Integer.toString(key), Map.of(), 10);
        }
        try (var lost = new Events(
                scene.database,
                TestServices.kafka("127.0.0.1:9", scene.prefix),
                "test-service",
                RetrySchedule.DEFAULT,
                Clock.systemUTC(),
                scene.registry)) {
            lost.start();
            EventScene.eventually("it tries several", () -> lanesTaken() == OutboxStore.LANES / 2);
            EventScene.eventually("it tries one", () -> lanesTaken() == 1);
            events.start();
            EventScene.eventually("another publishes", () -> scene.count("event_outbox") == 0);
        }
    }

    private long lanesTaken() {
        return scene.count("pg_locks WHERE locktype = 'advisory' AND classid = " + 0x6f75_7462
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    }
}
