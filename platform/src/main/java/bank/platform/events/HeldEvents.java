package bank.platform.events;

import bank.platform.db.Tx;
import bank.platform.events.HeldStore.Held;
import com.google.protobuf.ByteString;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events that failed and those that wait behind them. Everything here happens under the lock on their key.
final class HeldEvents {
    private static final Logger log = LoggerFactory.getLogger(HeldEvents.class);

    private final HeldStore store;
    private final InboxStore inbox;
    private final Outbox outbox;
    private final RetrySchedule schedule;
    private final Clock clock;

    HeldEvents(HeldStore store, InboxStore inbox, Outbox outbox, RetrySchedule schedule, Clock clock) {
        this.store = store;
        this.inbox = inbox;
        this.outbox = outbox;
        this.schedule = schedule;
        this.clock = clock;
    }

    /// Holds the key of an event that failed, and sends it to the topic of its next attempt or to the dead letters.
    ///
    /// @param attempts how often it was tried
    /// @return whether it is a dead letter now
    boolean failed(Tx tx, String consumer, ReceivedEvent event, int attempts, Outcome.Failed failure) {
        var now = clock.instant();
        var pause = failure.hopeless() ? null : schedule.pauseAfter(attempts).orElse(null);
        var parked = pause == null;
        var due = parked ? now : now.plus(pause);
        store.put(tx, consumer, event, attempts, failure.reason(), parked, due, now);
        var topic = parked ? RetrySchedule.deadLetterTopic(consumer) : RetrySchedule.topic(consumer, attempts);
        outbox.append(tx, message(topic, event, event.retryHeaders(attempts, due, failure.reason())));
        if (parked) {
            // Without the key, which may be personal.
            log.warn(
                    "event {} at {} is a dead letter of {} after {} attempts: {}",
                    event.id(),
                    event.place(),
                    consumer,
                    attempts,
                    failure.reason());
        }
        return parked;
    }

    /// Lets the next event of a key have its turn, or lets go of the key when there is none.
    void next(Tx tx, String consumer, EventKey key) {
        store.takeWaiting(tx, consumer, key)
                .ifPresentOrElse(
                        event -> retryNow(tx, consumer, event, "waited"), () -> store.remove(tx, consumer, key));
    }

    /// Sends the event that holds its key to be tried at once, as if it had never failed.
    void replay(Tx tx, Held held) {
        retryNow(tx, held.consumer(), held.event(), held.reason());
    }

    /// Gives up the event that holds its key: it counts as worked.
    void discard(Tx tx, Held held) {
        inbox.add(tx, held.consumer(), List.of(held.event()), clock.instant());
        next(tx, held.consumer(), held.event().key());
    }

    /// Sends an event again to the topic of its next attempt, when it may have been lost there.
    void revive(Tx tx, Held held) {
        var now = clock.instant();
        store.put(tx, held.consumer(), held.event(), held.attempts(), held.reason(), false, now, now);
        send(tx, held.consumer(), held.event(), held.attempts(), held.reason());
    }

    private void retryNow(Tx tx, String consumer, ReceivedEvent event, String reason) {
        var now = clock.instant();
        store.put(tx, consumer, event, 0, reason, false, now, now);
        send(tx, consumer, event, 0, reason);
    }

    private void send(Tx tx, String consumer, ReceivedEvent event, int attempts, String reason) {
        outbox.append(
                tx,
                message(
                        RetrySchedule.topic(consumer, 0),
                        event,
                        event.retryHeaders(attempts, clock.instant(), reason)));
    }

    /// An event with what a retry topic needs; that alone where both would be too long. The row has the event.
    private static OutgoingMessage message(String topic, ReceivedEvent event, Map<String, String> retry) {
        var headers = new LinkedHashMap<>(event.headers());
        headers.putAll(retry);
        var whole = new OutgoingMessage(topic, event.key().key(), headers, event.value(), true);
        return whole.bytes() <= Outbox.BYTES_MAX
                ? whole
                : new OutgoingMessage(topic, event.key().key(), retry, ByteString.EMPTY, true);
    }
}
