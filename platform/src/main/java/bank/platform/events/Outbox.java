package bank.platform.events;

import bank.platform.db.Tx;
import java.net.URI;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Takes events into the transaction of what they tell of: published if it commits, and only then.
public final class Outbox {
    /// Most bytes of a message, below what Kafka takes by default.
    static final int BYTES_MAX = 900_000;

    private static final Map<String, String> HEADERS =
            Map.of(CloudEventJson.CONTENT_TYPE_HEADER, CloudEventJson.CONTENT_TYPE);

    private final OutboxStore store;
    private final URI source;
    private final Clock clock;
    private final Runnable bell;

    /// @param source who publishes, e.g. `/identity-service`
    /// @param bell called after each commit with events
    Outbox(OutboxStore store, URI source, Clock clock, Runnable bell) {
        this.store = store;
        this.source = source;
        this.clock = clock;
        this.bell = bell;
    }

    /// Publishes an event with the transaction. Until the transaction ends, others with an event of the same topic and
    /// key wait here, unless the order of such events means nothing; so this comes late in it, best after what the
    /// event is about was written.
    public void append(Tx tx, Event event) {
        append(tx, List.of(event));
    }

    /// The same for several events, which keep their order where they have a key in common.
    public void append(Tx tx, List<Event> events) {
        var cause = EventCause.current();
        var now = clock.instant();
        events.stream()
                // Two transactions with several keys in common lock them in the same order.
                .sorted(Comparator.comparingLong(event -> OutboxStore.lock(event.topic(), event.key())))
                .map(event -> new OutgoingMessage(
                        event.topic(),
                        event.key(),
                        HEADERS,
                        CloudEventJson.write(event, source, now, cause.requestId(), cause.traceparent()),
                        event.ordered()))
                .forEach(message -> append(tx, message));
    }

    void append(Tx tx, OutgoingMessage message) {
        if (message.value().size() > BYTES_MAX) {
            throw new IllegalArgumentException("an event for " + message.topic() + " of "
                    + message.value().size() + " bytes, " + BYTES_MAX + " is the most");
        }
        store.add(tx, message, clock.instant());
        tx.afterCommit(bell);
    }
}
