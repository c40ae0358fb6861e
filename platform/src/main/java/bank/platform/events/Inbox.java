package bank.platform.events;

import bank.platform.db.Database;
import bank.platform.db.DatabaseUnavailableException;
import bank.platform.db.Tx;
import bank.platform.db.UnstorableException;
import com.google.common.base.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works events of one consumer: handles each outside a transaction, then applies its effect in the transaction that
/// marks it as worked. Several events of different keys share a transaction, unless that fails; the next event of a
/// key comes after it. Whoever works an event holds the lock on its key when he decides, so that even a process which
/// takes itself for the owner of a partition long after it lost it does no harm.
final class Inbox {
    private static final Logger log = LoggerFactory.getLogger(Inbox.class);

    // Of the 10 minutes of a poll (KafkaClients.WORK_MAX): what is begun before the seventh ends takes 95 s in the
    // handlers (EventHandlers.ALL_MAX), which leaves 85 s to the transaction after it.
    private static final Duration BEGUN_MAX = Duration.ofMinutes(7);

    private final Database database;
    private final String consumer;
    private final EventHandlers handlers;
    private final InboxStore store;
    private final HeldStore heldStore;
    private final HeldEvents held;
    private final EventMeters meters;
    private final Clock clock;
    private final Ticker ticker;

    Inbox(
            Database database,
            String consumer,
            EventHandlers handlers,
            InboxStore store,
            HeldStore heldStore,
            HeldEvents held,
            EventMeters meters,
            Clock clock,
            Ticker ticker) {
        this.database = database;
        this.consumer = consumer;
        this.handlers = handlers;
        this.store = store;
        this.heldStore = heldStore;
        this.held = held;
        this.meters = meters;
        this.clock = clock;
        this.ticker = ticker;
    }

    /// Works events; when it returns true, each was worked, held or waits behind one that is held.
    ///
    /// @param events in the order they came in
    /// @return false when there was no time for some: to be repeated
    /// @throws DatabaseUnavailableException when it could not tell what became of them: to be repeated
    boolean work(List<ReceivedEvent> events) throws InterruptedException {
        var beginning = ticker.read();
        Map<EventKey, Deque<ReceivedEvent>> byKey = new LinkedHashMap<>();
        events.forEach(event ->
                byKey.computeIfAbsent(event.key(), key -> new ArrayDeque<>()).add(event));
        while (!byKey.isEmpty()) {
            var wave = byKey.values().stream().map(Deque::remove).toList();
            byKey.values().removeIf(Deque::isEmpty);
            if (!settle(wave, beginning)) {
                return false;
            }
        }
        return true;
    }

    /// Works events of different keys.
    private boolean settle(List<ReceivedEvent> wave, long beginning) throws InterruptedException {
        for (var open = kept(wave); !open.isEmpty(); ) {
            if (late(beginning)) {
                log.warn("events of {} take long: some are left to the next poll", consumer);
                return false;
            }
            var outcomes = handlers.handle(mine(open));
            open = apply(open, outcomes, beginning);
        }
        return true;
    }

    private boolean late(long beginning) {
        return ticker.read() - beginning > BEGUN_MAX.toNanos();
    }

    /// Retries tell whose turn it is. The events are those of the rows, for a long one is not in its message.
    private List<ReceivedEvent> kept(List<ReceivedEvent> wave) {
        var retries = wave.stream().filter(event -> event.due() != null).toList();
        if (retries.isEmpty()) {
            return wave;
        }
        var holding = database.read(session -> heldStore.of(session, consumer, keys(retries)));
        return wave.stream()
                .flatMap(event -> {
                    if (event.due() == null) {
                        return Stream.of(event);
                    }
                    return Optional.ofNullable(holding.get(event.key()))
                            .filter(first -> first.sent(event))
                            .map(first -> event.withContentOf(first.event()))
                            .stream();
                })
                .toList();
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

    private List<ReceivedEvent> apply(
            List<ReceivedEvent> events, Map<ReceivedEvent, Outcome> outcomes, long beginning) {
        try {
            return database.inDetachedTransaction(tx -> apply(tx, events, outcomes, true));
        } catch (DatabaseUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            if (events.size() == 1) {
                var event = events.getFirst();
                hold(
                        event,
                        outcomes.get(event) instanceof Outcome.Failed known ? known : EventHandlers.failed(event, e));
                return List.of();
            }
        }
        var open = new ArrayList<ReceivedEvent>();
        events.forEach(
                event -> open.addAll(late(beginning) ? List.of(event) : apply(List.of(event), outcomes, beginning)));
        return open;
    }

    /// Holds an event that failed, which its handler cannot prevent. One that the database takes in no way would stop
    /// all others, and is skipped.
    private void hold(ReceivedEvent event, Outcome.Failed failure) {
        Map<ReceivedEvent, Outcome> outcome = Map.of(event, failure);
        try {
            database.inDetachedTransaction(tx -> apply(tx, List.of(event), outcome, true));
            return;
        } catch (DatabaseUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            log.warn(
                    "event {} at {} is held by {}, whose handler is not told: {}",
                    event.id(),
                    event.place(),
                    consumer,
                    EventHandlers.reason(e));
        }
        try {
            database.inDetachedTransaction(tx -> apply(tx, List.of(event), outcome, false));
        } catch (UnstorableException e) {
            log.error("event at {} can be neither worked nor held by {}: skipped", event.place(), consumer, e);
        }
    }

    /// Decides on each event.
    ///
    /// @param telling whether handlers are told of what is held
    /// @return those that turned out to be to be handled and were not
    private List<ReceivedEvent> apply(
            Tx tx, List<ReceivedEvent> events, Map<ReceivedEvent, Outcome> outcomes, boolean telling) {
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
        decide(tx, decided, telling);
        count(tx, decided, waiting);
        return open;
    }

    private void decide(Tx tx, Map<ReceivedEvent, Outcome> decided, boolean telling) {
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
                    if (telling) {
                        ScopedValue.where(EventCause.APPLIED, EventCause.of(event))
                                .run(() -> handlers.held(tx, event, parked));
                    }
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
