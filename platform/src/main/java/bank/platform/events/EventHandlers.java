package bank.platform.events;

import bank.platform.Launcher;
import bank.platform.db.DatabaseUnavailableException;
import bank.platform.events.Subscription.Handling;
import bank.platform.telemetry.LoggedRequest;
import com.google.protobuf.Message;
import io.cloudevents.CloudEvent;
import io.grpc.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final Map<String, Handling<?>> handlings;
    private final Clock clock;
    // Not virtual ones, whose interrupt breaks the connection they wait for.
    private final ExecutorService threads;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("event-deadlines").factory());

    EventHandlers(Subscription subscription, Clock clock) {
        this.handlings = Map.copyOf(subscription.handlings());
        this.clock = clock;
        threads = Executors.newFixedThreadPool(
                AT_ONCE,
                Thread.ofPlatform()
                        .name(subscription.consumer() + "-", 0)
                        .daemon()
                        .factory());
    }

    /// Handles events of different keys, several at once.
    ///
    /// @throws DatabaseUnavailableException when one of the handlers met it
    Map<ReceivedEvent, Outcome> handle(List<ReceivedEvent> events) throws InterruptedException {
        var running = new LinkedHashMap<ReceivedEvent, Future<Outcome>>();
        events.forEach(event -> running.put(event, threads.submit(() -> handle(event))));
        var end = System.nanoTime() + TIME_MAX.plus(TIME_GRACE).toNanos() * (1 + events.size() / AT_ONCE);
        var outcomes = new HashMap<ReceivedEvent, Outcome>();
        try {
            for (var entry : running.entrySet()) {
                outcomes.put(entry.getKey(), outcome(entry.getKey(), entry.getValue(), end));
            }
        } finally {
            running.values().forEach(future -> future.cancel(true));
        }
        return outcomes;
    }

    private static Outcome outcome(ReceivedEvent event, Future<Outcome> running, long end) throws InterruptedException {
        try {
            return running.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new Outcome.Failed("not done within " + TIME_MAX.toSeconds() + " s", false);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatabaseUnavailableException unavailable) {
                throw unavailable;
            }
            return failed(event, e.getCause());
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
        var reason = cause == null ? "unknown" : Launcher.causes(cause);
        log.info(
                "event {} of {} {} failed{}: {}",
                event.id(),
                event.key().topic(),
                event.key().key(),
                hopeless ? " for good" : "",
                reason);
        log.debug("failed event", cause);
        return new Outcome.Failed(reason.substring(0, Math.min(reason.length(), REASON_MAX)), hopeless);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        deadlines.shutdownNow();
    }
}
