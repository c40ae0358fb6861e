package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DocumentStatus;
import bank.v1.DocumentStatusChanged;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private final Queue<DocumentStatusChanged> received = new ConcurrentLinkedQueue<>();
    private final Queue<EventContext> contexts = new ConcurrentLinkedQueue<>();
    private EventScene scene;
    private Events events;

    @BeforeEach
    void start() {
        scene = new EventScene(postgres, kafka);
        events = scene.instance();
        events.consume(
                Subscription.of("test.documents").on(DocumentStatusChanged.getDefaultInstance(), (event, context) -> {
                    received.add(event);
                    contexts.add(context);
                    return EventScene.noted(context);
                }));
        events.start();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void whatACommittedTransactionPublishedHasItsEffectOnce() {
        scene.publish(events, 789, 1);
        scene.publish(events, 789, 2);

        scene.awaitEffects(789, 1L, 2L);
        EventScene.eventually("outbox is empty", () -> scene.count("event_outbox") == 0);
        assertThat(scene.count("event_inbox")).isEqualTo(2);
        assertThat(count("bank.events.published", "topic", "document.status")).isEqualTo(2);
        assertThat(count("bank.events.consumed", "outcome", "worked")).isEqualTo(2);
        var event = received.element();
        assertThat(event.getStatus()).isEqualTo(DocumentStatus.DOCUMENT_STATUS_PROCESSED);
        assertThat(event.getUserId()).isEqualTo(17);
        var context = contexts.element();
        assertThat(context.topic()).isEqualTo("document.status");
        assertThat(context.key()).isEqualTo("789");
        assertThat(context.source()).isEqualTo("/test-service");
        assertThat(context.attempt()).isOne();
    }

    private double count(String name, String... tags) {
        return scene.registry.get(name).tags(tags).counter().count();
    }

    @Test
    void whatATransactionRolledBackPublishedIsNotThere() {
        assertThatIllegalStateException()
                .isThrownBy(() -> scene.database.inTransaction(tx -> {
                    events.outbox().append(tx, EventScene.event(1, 1));
                    throw new IllegalStateException("broken");
                }));
        scene.database.inTransaction(tx -> {
            tx.rollbackAtEnd();
            events.outbox().append(tx, EventScene.event(1, 2));
            return true;
        });
        scene.publish(events, 1, 3);

        scene.awaitEffects(1, 3L);
    }
}
