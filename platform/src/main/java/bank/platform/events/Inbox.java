package bank.platform.events;

import bank.platform.db.Database;
import bank.platform.db.DatabaseUnavailableException;
import bank.platform.db.Tx;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Works events of one consumer: handles each outside a transaction, then applies its effect in the transaction that
/// marks it as worked. Several events of different keys share a transaction, unless that fails; the next event of a
/// key comes after it. Whoever works an event holds the lock on its key when he decides, so that even a process which
/// takes itself for the owner of a partition long after it lost it does no harm.
final class Inbox {
    private final Database database;
    private final String consumer;
    private final EventHandlers handlers;
    private final InboxStore store;
    private final HeldStore heldStore;
    private final HeldEvents held;
    private final EventMeters meters;
    private final Clock clock;

    Inbox(
            Database database,
            String consumer,
            EventHandlers handlers,
            InboxStore store,
            HeldStore heldStore,
            HeldEvents held,
            EventMeters meters,
            Clock clock) {
        this.database = database;
        this.consumer = consumer;
        this.handlers = handlers;
        this.store = store;
        this.heldStore = heldStore;
        this.held = held;
        this.meters = meters;
        this.clock = clock;
    }

    /// Works events; when it returns, each was worked, held or waits behind one that is held.
    ///
    /// @param events in the order they came in
    /// @throws DatabaseUnavailableException when it could not tell what became of them: to be repeated
    void work(List<ReceivedEvent> events) throws InterruptedException {
        Map<EventKey, Deque<ReceivedEvent>> byKey = new LinkedHashMap<>();
        events.forEach(event ->
                byKey.computeIfAbsent(event.key(), key -> new ArrayDeque<>()).add(event));
        while (!byKey.isEmpty()) {
            var wave = byKey.values().stream().map(Deque::remove).toList();
            byKey.values().removeIf(Deque::isEmpty);
            settle(wave);
        }
    }

    /// Works events of different keys.
    private void settle(List<ReceivedEvent> wave) throws InterruptedException {
        for (var open = wave; !open.isEmpty(); ) {
            var outcomes = handlers.handle(mine(open));
            open = apply(open, outcomes);
        }
    }

    /// Those whose turn it seems to be.
    private List<ReceivedEvent> mine(List<ReceivedEvent> events) {
        return database.read(session -> {
            var worked = store.worked(session, consumer, events);
            var holding = heldStore.of(session, consumer, keys(events));
            return events.stream()
                    .filter(event -> !worked.contains(event))
                    .filter(event -> {
                        var first = holding.get(event.key());
                        return event.due() == null ? first == null : first != null && first.isTurnOf(event);
                    })
                    .toList();
        });
    }

    private List<ReceivedEvent> apply(List<ReceivedEvent> events, Map<ReceivedEvent, Outcome> outcomes) {
        try {
            return database.inDetachedTransaction(tx -> apply(tx, events, outcomes));
        } catch (DatabaseUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            if (events.size() == 1) {
                var event = events.getFirst();
                return database.inDetachedTransaction(
                        tx -> apply(tx, events, Map.of(event, EventHandlers.failed(event, e))));
            }
        }
        var open = new ArrayList<ReceivedEvent>();
        events.forEach(event -> open.addAll(apply(List.of(event), outcomes)));
        return open;
    }

    /// Decides on each event.
    ///
    /// @return those that turned out to be to be handled and were not
    private List<ReceivedEvent> apply(Tx tx, List<ReceivedEvent> events, Map<ReceivedEvent, Outcome> outcomes) {
        store.lock(tx, consumer, keys(events));
        var worked = store.worked(tx, consumer, events);
        var holding = heldStore.of(tx, consumer, keys(events));
        var open = new ArrayList<ReceivedEvent>();
        var waiting = 0;
        Map<ReceivedEvent, Outcome> decided = new HashMap<>();
        for (var event : events) {
            var first = holding.get(event.key());
            var turn = event.due() == null ? first == null : first != null && first.isTurnOf(event);
            if (worked.contains(event)) {
                continue;
            }
            if (!turn) {
                if (event.due() == null && first != null && !first.is(event)) {
                    heldStore.wait(tx, consumer, event);
                    waiting++;
                }
                continue;
            }
            var outcome = outcomes.get(event);
            if (outcome == null) {
                open.add(event);
            } else {
                decided.put(event, outcome);
            }
        }
        decide(tx, decided);
        count(tx, decided, waiting);
        return open;
    }

    private void decide(Tx tx, Map<ReceivedEvent, Outcome> decided) {
        var done = decided.keySet().stream()
                .filter(event -> decided.get(event) instanceof Outcome.Handled)
                .toList();
        if (!done.isEmpty()) {
            store.add(tx, consumer, done, clock.instant());
        }
        decided.forEach((event, outcome) -> {
            switch (outcome) {
                case Outcome.Handled(var effect) -> {
                    ScopedValue.where(EventCause.APPLIED, EventCause.of(event)).run(() -> effect.apply(tx));
                    if (event.due() != null) {
                        held.next(tx, consumer, event.key());
                    }
                }
                case Outcome.Failed failure -> {
                    var parked = held.failed(tx, consumer, event, event.attempts() + 1, failure);
                    ScopedValue.where(EventCause.APPLIED, EventCause.of(event))
                            .run(() -> handlers.held(tx, event, parked));
                }
            }
        });
    }

    private void count(Tx tx, Map<ReceivedEvent, Outcome> decided, int waiting) {
        var worked = (int) decided.values().stream()
                .filter(Outcome.Handled.class::isInstance)
                .count();
        tx.afterCommit(() -> {
            meters.consumed(consumer, "worked", worked);
            meters.consumed(consumer, "failed", decided.size() - worked);
            meters.consumed(consumer, "waiting", waiting);
        });
    }

    private static List<EventKey> keys(List<ReceivedEvent> events) {
        return events.stream().map(ReceivedEvent::key).distinct().toList();
    }
}
