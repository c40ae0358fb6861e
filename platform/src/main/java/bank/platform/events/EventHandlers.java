package bank.platform.events;

import bank.platform.Launcher;
import bank.platform.db.DatabaseUnavailableException;
import bank.platform.db.Tx;
import bank.platform.db.UnstorableException;
import bank.platform.events.Subscription.Handling;
import bank.platform.telemetry.LoggedRequest;
import com.google.common.base.Ticker;
import com.google.protobuf.Message;
import io.cloudevents.CloudEvent;
import io.grpc.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The handlers of a consumer.
final class EventHandlers implements AutoCloseable {
    /// Longest time for an event.
    static final Duration TIME_MAX = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(EventHandlers.class);
    private static final Duration TIME_GRACE = Duration.ofSeconds(5);
    private static final int AT_ONCE = 8;
    private static final int REASON_MAX = 500;
    // Those that wait for a thread longer are for the next time.
    private static final Duration BEGUN_MAX = Duration.ofSeconds(60);

    /// Longest time for several events, however many they are: the last one begins after 60 s.
    static final Duration ALL_MAX = BEGUN_MAX.plus(TIME_MAX).plus(TIME_GRACE);

    private final Map<String, Handling<?>> handlings;
    private final Clock clock;
    private final Ticker ticker;
    // Not virtual ones, whose interrupt breaks the connection they wait for.
    private final ExecutorService threads;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("event-deadlines").factory());

    EventHandlers(Subscription subscription, Clock clock, Ticker ticker) {
        this.handlings = Map.copyOf(subscription.handlings());
        this.clock = clock;
        this.ticker = ticker;
        threads = Executors.newFixedThreadPool(
                AT_ONCE,
                Thread.ofPlatform()
                        .name(subscription.consumer() + "-", 0)
                        .daemon()
                        .factory());
    }

    /// Handles events of different keys, several at once.
    ///
    /// @return what came of those there was time for
    /// @throws DatabaseUnavailableException when one of the handlers met it
    Map<ReceivedEvent, Outcome> handle(List<ReceivedEvent> events) throws InterruptedException {
        var running = new LinkedHashMap<ReceivedEvent, Future<Optional<Outcome>>>();
        var beginning = ticker.read();
        events.forEach(event -> running.put(
                event,
                threads.submit(() -> ticker.read() - beginning > BEGUN_MAX.toNanos()
                        ? Optional.empty()
                        : Optional.of(handle(event)))));
        var end = System.nanoTime() + ALL_MAX.toNanos();
        var outcomes = new HashMap<ReceivedEvent, Outcome>();
        try {
            for (var entry : running.entrySet()) {
                outcome(entry.getKey(), entry.getValue(), end)
                        .ifPresent(outcome -> outcomes.put(entry.getKey(), outcome));
            }
        } finally {
            running.values().forEach(future -> future.cancel(true));
        }
        return outcomes;
    }

    private static Optional<Outcome> outcome(ReceivedEvent event, Future<Optional<Outcome>> running, long end)
            throws InterruptedException {
        try {
            return running.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.of(new Outcome.Failed("not done within " + TIME_MAX.toSeconds() + " s", false));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatabaseUnavailableException unavailable) {
                throw unavailable;
            }
            return Optional.of(failed(event, e.getCause()));
        }
    }

    private Outcome handle(ReceivedEvent received) {
        var event = received.event();
        if (event == null) {
            throw new UnprocessableEventException(String.valueOf(received.fault()));
        }
        var handling = handlings.get(event.getType());
        if (handling == null) {
            throw new UnprocessableEventException("an event of the type " + event.getType());
        }
        var context = context(received, event);
        var deadline = Context.ROOT.withDeadlineAfter(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS, deadlines);
        var outer = deadline.attach();
        try {
            var id = context.requestId() == null ? context.id() : context.requestId();
            return new Outcome.Handled(LoggedRequest.get(id, () -> handle(handling, event, context)));
        } finally {
            deadline.detach(outer);
            deadline.cancel(null);
        }
    }

    private static <M extends Message> Effect handle(Handling<M> handling, CloudEvent event, EventContext context) {
        return handling.handler().handle(CloudEventJson.payload(event, handling.prototype()), context);
    }

    /// Tells the handler of an event that it is held. One that cannot be read has none.
    void held(Tx tx, ReceivedEvent received, boolean parked) {
        var event = received.event();
        var handling = event == null ? null : handlings.get(event.getType());
        if (event == null || handling == null) {
            return;
        }
        EventContext context;
        Message payload;
        try {
            context = context(received, event);
            payload = CloudEventJson.payload(event, handling.prototype());
        } catch (UnprocessableEventException e) {
            return;
        }
        held(tx, handling, payload, context, parked);
    }

    @SuppressWarnings("unchecked")
    private static <M extends Message> void held(
            Tx tx, Handling<M> handling, Message payload, EventContext context, boolean parked) {
        handling.handler().held(tx, (M) payload, context, parked);
    }

    private EventContext context(ReceivedEvent received, CloudEvent event) {
        var time = event.getTime();
        return new EventContext(
                received.id(),
                received.source(),
                received.key().topic(),
                received.key().key(),
                CloudEventJson.version(event),
                time == null ? clock.instant() : time.toInstant(),
                CloudEventJson.extension(event, CloudEventJson.REQUEST_ID),
                CloudEventJson.extension(event, CloudEventJson.TRACEPARENT),
                received.attempts() + 1);
    }

    /// The outcome of an event whose handler or effect threw.
    static Outcome.Failed failed(ReceivedEvent event, @Nullable Throwable cause) {
        var hopeless = cause instanceof UnprocessableEventException;
        var reason = reason(cause);
        // Without the key, which may be personal.
        log.info("event {} at {} failed{}: {}", event.id(), event.place(), hopeless ? " for good" : "", reason);
        log.debug("failed event", cause);
        return new Outcome.Failed(reason, hopeless);
    }

    /// Why something failed, in one line.
    static String reason(@Nullable Throwable cause) {
        var reason = switch (cause) {
            case null -> "unknown";
            // What PostgreSQL says of it may quote the event.
            case UnstorableException e -> String.valueOf(e.getMessage());
            default -> Launcher.causes(cause);
        };
        return ReceivedEvent.withoutNul(reason.substring(0, Math.min(reason.length(), REASON_MAX)));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        deadlines.shutdownNow();
    }
}
