package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.db.Tx;
import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DocumentStatusChanged;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A handler is told of what it could not work, and one dead letter is found by its key.
class HeldHandlersIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "is a dead letter of test.documents", "is held by test.documents, whose handler is not told: expected too");

    private static final String CONSUMER = "test.documents";
    private static final String TOPIC = "document.status";
    private static final RetrySchedule TWICE = new RetrySchedule(List.of(Duration.ofMillis(10), Duration.ofMillis(10)));

    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private volatile boolean broken = true;
    private volatile boolean deaf;
    private EventScene scene;
    private Events events;

    private final class Failing implements EventHandler<DocumentStatusChanged> {
        @Override
        public Effect handle(DocumentStatusChanged event, EventContext context) {
            if (broken) {
                throw new IllegalStateException("expected");
            }
            return EventScene.noted(context);
        }

        @Override
        public void held(Tx tx, DocumentStatusChanged event, EventContext context, boolean parked) {
            if (deaf) {
                throw new IllegalStateException("expected too");
            }
            told.add(event.getDocumentId() + " " + context.version() + " " + context.attempt() + " " + parked);
        }
    }

    @BeforeEach
    void start() {
        scene = new EventScene(postgres, kafka, TWICE, Clock.systemUTC());
        events = scene.instance();
        events.consume(Subscription.of(CONSUMER).on(DocumentStatusChanged.getDefaultInstance(), new Failing()));
        events.start();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void tellsOfEachFailedAttemptAndReplaysByKey() {
        scene.publish(events, 5, 1);
        scene.publish(events, 5, 2);
        EventScene.eventually("a dead letter", () -> told.contains("5 1 3 true"));
        assertThat(told).containsExactly("5 1 1 false", "5 1 2 false", "5 1 3 true");

        broken = false;
        assertThat(replay("6")).isFalse();
        assertThat(replay("5")).isTrue();
        scene.awaitEffects(5, 1L, 2L);
        assertThat(replay("5")).isFalse();
    }

    @Test
    void aHandlerThatCannotBeToldDoesNotKeepItsEventFromBeingHeld() {
        deaf = true;
        scene.publish(events, 5, 1);
        EventScene.eventually("a dead letter", () -> scene.count("event_held WHERE parked AND attempts = 3") == 1);
        assertThat(told).isEmpty();

        broken = false;
        scene.publish(events, 6, 1);
        scene.awaitEffects(6, 1L);
        assertThat(replay("5")).isTrue();
        scene.awaitEffects(5, 1L);
    }

    private boolean replay(String key) {
        return scene.database.inTransaction(tx -> events.deadLetters().replay(tx, CONSUMER, TOPIC, key));
    }
}
