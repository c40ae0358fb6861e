package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.embedded.EmbeddedKafkaServer;
import bank.embedded.KafkaSettings;
import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DocumentStatusChanged;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What happens to events while Kafka is away.
class KafkaOutageIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log =
            new ExpectedLog("WARN OutboxRelay events wait in the outbox", "WARN EventConsumer the consumer");

    private static final int EACH = 50;

    @TempDir
    Path directory;

    @Test
    void transactionsGoOnAndNothingIsLost() {
        var settings = KafkaSettings.volatileForTests(directory);
        var port = EmbeddedKafkaServer.choosePort(settings);
        try (var scene = new EventScene(
                postgres,
                kafka,
                RetrySchedule.DEFAULT,
                Clock.systemUTC(),
                Map.of("bootstrap-servers", "127.0.0.1:" + port))) {
            // Started while there is no Kafka.
            var events = scene.instance();
            events.consume(Subscription.of("test.documents")
                    .on(DocumentStatusChanged.getDefaultInstance(), (event, context) -> EventScene.noted(context)));
            events.start();
            publish(scene, events, 1, EACH);
            assertThat(events.backlog().depth()).isEqualTo(EACH);
            assertThat(gauge(scene, "bank.outbox.depth")).isEqualTo(EACH);
            assertThat(gauge(scene, "bank.outbox.age")).isPositive();

            try (var broker = EmbeddedKafkaServer.start(settings, port)) {
                awaitAll(scene, EACH);
                assertThat(broker.port()).isEqualTo(port);
            }
            publish(scene, events, EACH + 1, 2 * EACH);
            assertThat(events.backlog().depth()).isPositive();

            try (var broker = EmbeddedKafkaServer.start(settings, port)) {
                awaitAll(scene, 2 * EACH);
                EventScene.eventually("outbox is empty", () -> events.backlog().depth() == 0);
                assertThat(broker.port()).isEqualTo(port);
            }
        }
    }

    private static double gauge(EventScene scene, String name) {
        return scene.registry.get(name).gauge().value();
    }

    private static void publish(EventScene scene, Events events, int from, int to) {
        for (var version = from; version <= to; version++) {
            scene.publish(events, 1, version);
        }
    }

    private static void awaitAll(EventScene scene, int count) {
        scene.awaitEffects(1, LongStream.rangeClosed(1, count).boxed().toArray(Long[]::new));
    }
}
