package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.db.Tx;
import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.DocumentStatusChanged;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

class HeldEventsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("is a dead letter of test.documents after", " failed for good: ");

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration SECOND = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    /// Events of these documents and versions, as `789/1`, fail.
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> poisonous = ConcurrentHashMap.newKeySet();
    private final Set<String> failingInEffect = ConcurrentHashMap.newKeySet();
    /// Attempts, as `789/1 2`.
    private final Queue<String> attempts = new ConcurrentLinkedQueue<>();
    private EventScene scene;
    private Events events;

    @BeforeEach
    void start() {
        scene = new EventScene(postgres, kafka, new RetrySchedule(List.of(FIRST, SECOND)), clock);
        events = scene.instance();
        events.consume(Subscription.of("test.documents").on(DocumentStatusChanged.getDefaultInstance(), this::handle));
        events.start();
    }

    private Effect handle(DocumentStatusChanged event, EventContext context) {
        var name = context.key() + "/" + context.version();
        attempts.add(name + " " + context.attempt());
        if (failing.contains(name)) {
            throw new IllegalStateException("registry is away");
        }
        if (poisonous.contains(name)) {
            throw new UnprocessableEventException("makes no sense");
        }
        return tx -> {
            EventScene.note(tx, context);
            if (failingInEffect.contains(name)) {
                throw new IllegalStateException("effect fails");
            }
        };
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void laterEventsOfAKeyWaitWhileOneIsTriedAgainAndOtherKeysGoOn() {
        failing.add("1/1");
        publish(1, 1);
        publish(1, 2);
        publish(1, 3);
        publish(2, 1);

        scene.awaitEffects(2, 1L);
        EventScene.eventually("the later ones wait", () -> scene.count("event_waiting") == 2);
        assertThat(scene.effects(1)).isEmpty();

        failing.clear();
        clock.advance(FIRST);
        scene.awaitEffects(1, 1L, 2L, 3L);
        EventScene.eventually("nothing is held", () -> scene.count("event_held") == 0);
        assertThat(scene.count("event_waiting")).isZero();
        publish(1, 4);
        scene.awaitEffects(1, 1L, 2L, 3L, 4L);
    }

    @Test
    void triesAgainAfterEachPauseAndThenParks() {
        failing.add("1/1");
        publish(1, 1);
        awaitAttempts("1/1 1");
        EventScene.eventually("it is held", () -> scene.count("event_held WHERE attempts = 1") == 1);
        assertThat(deadLetters()).isEmpty();

        clock.advance(FIRST);
        awaitAttempts("1/1 1", "1/1 2");
        EventScene.eventually("it is held again", () -> scene.count("event_held WHERE attempts = 2") == 1);
        clock.advance(SECOND);
        awaitAttempts("1/1 1", "1/1 2", "1/1 3");
        EventScene.eventually("it is a dead letter", () -> deadLetters().size() == 1);

        var letter = deadLetters().getFirst();
        assertThat(letter.attempts()).isEqualTo(3);
        assertThat(letter.reason()).isEqualTo("registry is away");
        assertThat(letter.topic()).isEqualTo("document.status");
        assertThat(letter.key()).isEqualTo("1");
        assertThat(letter.type()).isEqualTo("bank.v1.DocumentStatusChanged");
        assertThat(letter.consumer()).isEqualTo("test.documents");
        assertThat(letter.content()).contains("\"document_id\":\"1\"");
    }

    @Test
    void poisonGoesToTheDeadLettersAtOnceAndAReplayLetsTheLaterEventsFollowInOrder() {
        poisonous.add("1/1");
        poisonous.add("1/3");
        for (var version = 1; version <= 5; version++) {
            publish(1, version);
        }
        publish(2, 1);
        scene.awaitEffects(2, 1L);
        EventScene.eventually("four wait", () -> scene.count("event_waiting") == 4);
        var letter = deadLetters().getFirst();
        assertThat(letter.attempts()).isOne();
        assertThat(letter.waiting()).isEqualTo(4);

        poisonous.remove("1/1");
        assertThat(change(tx -> events.deadLetters().replay(tx, letter.id()))).isTrue();
        scene.awaitEffects(1, 1L, 2L);
        EventScene.eventually("the next is parked", () -> deadLetters().stream().anyMatch(next -> next.waiting() == 2));
        assertThat(attempts).doesNotContain("1/4 1", "1/5 1");

        poisonous.remove("1/3");
        var next = deadLetters().getFirst();
        assertThat(change(tx -> events.deadLetters().replay(tx, next.id()))).isTrue();
        scene.awaitEffects(1, 1L, 2L, 3L, 4L, 5L);
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aDiscardedDeadLetterHasNoEffectAndTheLaterEventsFollow() {
        poisonous.add("1/1");
        publish(1, 1);
        publish(1, 2);
        EventScene.eventually("one waits", () -> scene.count("event_waiting") == 1);
        var id = deadLetters().getFirst().id();

        assertThat(change(tx -> events.deadLetters().discard(tx, id))).isTrue();
        scene.awaitEffects(1, 2L);
        EventScene.eventually("nothing is held", () -> scene.count("event_held") == 0);
        assertThat(change(tx -> events.deadLetters().discard(tx, id))).isFalse();
        assertThat(change(tx -> events.deadLetters().replay(tx, id))).isFalse();
    }

    @Test
    void theNumberOfADeadLetterNeverMeansAnother() {
        poisonous.add("1/1");
        poisonous.add("1/2");
        publish(1, 1);
        publish(1, 2);
        EventScene.eventually("one waits", () -> scene.count("event_waiting") == 1);
        var first = deadLetters().getFirst();
        assertThat(change(tx -> events.deadLetters().replay(tx, first.id()))).isTrue();
        EventScene.eventually("it is back", () -> deadLetters().size() == 1);
        assertThat(deadLetters().getFirst().id()).isEqualTo(first.id());

        assertThat(change(tx -> events.deadLetters().discard(tx, first.id()))).isTrue();
        EventScene.eventually("the next is parked", () -> deadLetters().size() == 1);
        assertThat(deadLetters().getFirst().id()).isNotEqualTo(first.id());
        assertThat(change(tx -> events.deadLetters().discard(tx, first.id()))).isFalse();
        assertThat(deadLetters()).hasSize(1);
    }

    @Test
    void logsTellNeitherKeysNorData() {
        var logger = (Logger) LoggerFactory.getLogger(EventHandlers.class);
        logger.setLevel(Level.INFO);
        try {
            scene.database.inTransaction(tx -> {
                events.outbox().append(tx, message("AB123456C", "{\"id\":AB123456C}"));
                return true;
            });
            EventScene.eventually("it is parked", () -> deadLetters().size() == 1);
        } finally {
            logger.setLevel(null);
        }
        assertThat(log.lines())
                .hasSize(2)
                .allMatch(line -> line.contains(" at document.status/"))
                .noneMatch(line -> line.contains("AB123456C"));
        assertThat(deadLetters().getFirst().reason()).doesNotContain("AB123456C");
    }

    @Test
    void heldEventsWhoseRetryTopicWasLostAreSentAgainHoweverMany() {
        scene.close(events);
        scene.database.inTransaction(tx -> tx.sql().execute("""
                INSERT INTO event_held (consumer, topic, key, source, event_id, partition, "offset", headers, value,
                    attempts, reason, parked, due_at, created_at)
                SELECT 'test.documents', 'document.status', n, '/test', n, 0, n, '{}', '', 1, 'away', false,
                    timestamptz 'epoch', timestamptz 'epoch'
                FROM generate_series(1, 250) n"""));

        scene.instance().reviveHeld();

        assertThat(scene.count("event_outbox")).isEqualTo(250);
    }

    @Test
    void anEffectThatFailsHoldsItsKeyAloneThoughOthersShareItsTransaction() {
        failingInEffect.add("3/1");
        scene.database.inTransaction(tx -> {
            for (var document = 1; document <= 6; document++) {
                events.outbox().append(tx, EventScene.event(document, 1));
            }
            return true;
        });
        for (var document : List.of(1, 2, 4, 5, 6)) {
            scene.awaitEffects(document, 1L);
        }
        EventScene.eventually("one is held", () -> scene.count("event_held") == 1);
        assertThat(scene.effects(3)).isEmpty();

        failingInEffect.clear();
        clock.advance(FIRST);
        scene.awaitEffects(3, 1L);
    }

    @Test
    void whatIsNoEventIsADeadLetterUnderTheKeyOfItsMessage() {
        scene.database.inTransaction(tx -> {
            events.outbox().append(tx, message("7", "{\"broken\""));
            events.outbox().append(tx, message("8", """
                    {"specversion":"1.0","id":"x","source":"/other","type":"other.Type","subject":"8","data":{}}"""));
            events.outbox().append(tx, message("9", """
                    {"specversion":"1.0","id":"y","source":"/other","type":"bank.v1.DocumentStatusChanged","subject":"9",
                    "data":{"document_id":"nine"}}"""));
            return true;
        });
        publish(7, 1);

        EventScene.eventually("three are parked", () -> deadLetters().size() == 3);
        EventScene.eventually("one waits", () -> scene.count("event_waiting") == 1);
        var byKey = deadLetters().stream().collect(Collectors.toMap(DeadLetter::key, letter -> letter));
        assertThat(byKey.get("7").reason()).startsWith("not a CloudEvent");
        assertThat(byKey.get("7").type()).isEmpty();
        assertThat(byKey.get("7").content()).isEqualTo("{\"broken\"");
        assertThat(byKey.get("8").reason()).isEqualTo("an event of the type other.Type");
        assertThat(byKey.get("9").reason()).isEqualTo("its data is no bank.v1.DocumentStatusChanged");

        change(tx -> events.deadLetters().discard(tx, byKey.get("7").id()));
        scene.awaitEffects(7, 1L);
    }

    @Test
    void aKilledProcessLeavesNothingHeldForEver() {
        failing.add("1/1");
        publish(1, 1);
        EventScene.eventually("it is held", () -> scene.count("event_held") == 1);
        EventScene.eventually("the outbox is empty", () -> scene.count("event_outbox") == 0);
        scene.close(events);
        failing.clear();

        events = scene.instance();
        events.consume(Subscription.of("test.documents").on(DocumentStatusChanged.getDefaultInstance(), this::handle));
        events.start();
        clock.advance(FIRST);
        scene.awaitEffects(1, 1L);
    }

    private static OutgoingMessage message(String key, String value) {
        return new OutgoingMessage(
                "document.status",
                key,
                Map.of(CloudEventJson.CONTENT_TYPE_HEADER, CloudEventJson.CONTENT_TYPE),
                ByteString.copyFromUtf8(value),
                true);
    }

    private void publish(long document, long version) {
        scene.publish(events, document, version);
    }

    private boolean change(Function<Tx, Boolean> change) {
        return scene.database.inTransaction(change);
    }

    private List<DeadLetter> deadLetters() {
        return scene.database.read(session -> events.deadLetters().list(session, Long.MAX_VALUE, 50));
    }

    private void awaitAttempts(String... expected) {
        EventScene.eventually(
                "attempts " + List.of(expected), () -> List.copyOf(attempts).equals(List.of(expected)));
    }
}
