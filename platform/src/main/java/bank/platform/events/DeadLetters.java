package bank.platform.events;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import bank.platform.events.HeldStore.Held;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The dead letters of all consumers of a service.
public final class DeadLetters {
    private static final int LIMIT_MAX = 200;

    private final HeldStore store;
    private final InboxStore inbox;
    private final HeldEvents held;

    DeadLetters(HeldStore store, InboxStore inbox, HeldEvents held) {
        this.store = store;
        this.inbox = inbox;
        this.held = held;
    }

    /// Some of them, the newest first.
    ///
    /// @param before number that those listed are below; `Long.MAX_VALUE` for the first
    /// @param limit most of them, 1 to 200
    public List<DeadLetter> list(Session session, long before, int limit) {
        return store.parked(session, before, Math.clamp(limit, 1, LIMIT_MAX)).stream()
                .map(DeadLetters::deadLetter)
                .toList();
    }

    /// Tries one again, at once and with all attempts before it. When it succeeds, the later events of its key follow
    /// in their order.
    ///
    /// @return false when there is no such dead letter, or not any more
    public boolean replay(Tx tx, long id) {
        return change(tx, id, held::replay);
    }

    /// The same with the one of a key.
    ///
    /// @param consumer the consumer, as its subscription names it
    /// @param topic topic it was published to, without the prefix
    /// @return false when there is none
    public boolean replay(Tx tx, String consumer, String topic, String key) {
        var place = new EventKey(topic, key);
        inbox.lock(tx, consumer, List.of(place));
        var letter = Optional.ofNullable(store.of(tx, consumer, List.of(place)).get(place))
                .filter(Held::parked);
        letter.ifPresent(present -> held.replay(tx, present));
        return letter.isPresent();
    }

    /// Gives one up for good: it counts as worked, and the later events of its key follow in their order.
    ///
    /// @return false when there is no such dead letter, or not any more
    public boolean discard(Tx tx, long id) {
        return change(tx, id, held::discard);
    }

    private boolean change(Tx tx, long id, BiConsumer<Tx, Held> change) {
        var found = store.byId(tx, id).filter(Held::parked);
        if (found.isEmpty()) {
            return false;
        }
        inbox.lock(tx, found.get().consumer(), List.of(found.get().event().key()));
        var letter = store.byId(tx, id).filter(Held::parked);
        letter.ifPresent(present -> change.accept(tx, present));
        return letter.isPresent();
    }

    private static DeadLetter deadLetter(Held held) {
        var event = held.event();
        var read = event.event();
        return new DeadLetter(
                held.id(),
                held.consumer(),
                event.id(),
                read == null ? "" : read.getType(),
                event.key().topic(),
                event.key().key(),
                event.partition(),
                event.offset(),
                held.attempts(),
                held.reason(),
                held.since(),
                held.waiting(),
                event.value().toStringUtf8());
    }
}
