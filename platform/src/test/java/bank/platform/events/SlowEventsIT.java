package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DocumentStatusChanged;
import com.google.common.base.Ticker;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Slow events are worked within the time between two polls, or left to the next one.
class SlowEventsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN Inbox events of test.documents take long");

    private static final int EVENTS = 20;
    private static final int AT_ONCE = 8;

    /// Each event takes a minute and a second.
    private static final Duration EACH = Duration.ofSeconds(61);

    private final AtomicLong nanos = new AtomicLong();
    private final Ticker ticker = new Ticker() {
        @Override
        public long read() {
            return nanos.get();
        }
    };
    private EventScene scene;
    private EventHandlers handlers;
    private Inbox inbox;

    @BeforeEach
    void open() {
        scene = new EventScene(postgres, kafka);
        handlers = new EventHandlers(
                Subscription.of("test.documents").on(DocumentStatusChanged.getDefaultInstance(), (event, context) -> {
                    nanos.addAndGet(EACH.toNanos());
                    return EventScene.noted(context);
                }),
                Clock.systemUTC(),
                ticker);
        var held = new HeldStore();
        var worked = new InboxStore();
        var outbox = new Outbox(new OutboxStore(), URI.create("/test"), Clock.systemUTC(), () -> {});
        inbox = new Inbox(
                scene.database,
                "test.documents",
                handlers,
                worked,
                held,
                new HeldEvents(held, worked, outbox, RetrySchedule.DEFAULT, Clock.systemUTC()),
                new EventMeters(scene.registry),
                Clock.systemUTC(),
                ticker);
    }

    @AfterEach
    void close() {
        handlers.close();
        scene.close();
    }

    private static ReceivedEvent event(long document, long version) {
        var message = new ConsumerRecord<>(
                "document.status",
                0,
                version,
                Long.toString(document),
                CloudEventJson.write(
                                EventScene.event(document, version),
                                URI.create("/test"),
                                Clock.systemUTC().instant(),
                                null,
                                null)
                        .toByteArray());
        message.headers()
                .add(CloudEventJson.CONTENT_TYPE_HEADER, CloudEventJson.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));
        return ReceivedEvent.of("document.status", message);
    }

    @Test
    void thoseOfAKeyForWhichThereIsNoTimeAreLeftToTheNextPoll() throws Exception {
        var events = LongStream.rangeClosed(1, EVENTS)
                .mapToObj(version -> event(1, version))
                .toList();

        assertThat(inbox.work(events)).isFalse();
        assertThat(nanos.get()).isLessThan(Duration.ofMinutes(10).toNanos());
        assertThat(scene.effects(1)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(inbox.work(events)).isFalse();
        assertThat(inbox.work(events)).isTrue();
        assertThat(scene.effects(1))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, EVENTS).boxed().toList());
        assertThat(scene.count("event_held")).isZero();
    }

    @Test
    void ofManyKeysThoseBeginThatHaveTime() throws Exception {
        var events = LongStream.rangeClosed(1, EVENTS)
                .mapToObj(document -> event(document, 1))
                .toList();

        assertThat(handlers.handle(events)).hasSizeBetween(1, AT_ONCE);
        assertThat(handlers.handle(List.of(event(1, 1)))).hasSize(1);
        nanos.set(0);
        while (!inbox.work(events)) {
            assertThat(nanos.getAndSet(0)).isLessThan(Duration.ofMinutes(20).toNanos());
        }
        assertThat(scene.count("effect")).isEqualTo(EVENTS);
    }
}
