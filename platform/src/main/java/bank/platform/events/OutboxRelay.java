package bank.platform.events;

import bank.platform.Launcher;
import bank.platform.db.Database;
import bank.platform.db.DatabaseUnavailableException;
import bank.platform.db.Notifications;
import bank.platform.db.Tx;
import bank.platform.events.Setbacks.Part;
import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes what is in the outbox, in batches, woken by NOTIFY. As many as one likes, in as many processes, share
/// the lanes between them: one has a lane for the time of a batch, in a transaction that ends with the removal of
/// what Kafka has acknowledged. One that dies before that leaves rows that are published again.
final class OutboxRelay implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    // The rest is for others, or comes next.
    private static final int LANES_AT_ONCE = OutboxStore.LANES / 2;
    private static final int ROWS_MAX = 1_000;
    private static final Duration POLL_PAUSE = Duration.ofSeconds(5);
    private static final Duration BUSY_PAUSE = Duration.ofMillis(20);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    // A broker that is elected anew is no news.
    private static final Duration OUTAGE_TOLD = Duration.ofSeconds(10);

    private final Database database;
    private final OutboxStore store;
    private final EventPublisher publisher;
    private final EventMeters meters;
    private final Thread thread;
    private final Backoff backoff = new Backoff();
    private final Setbacks setbacks = new Setbacks(Ticker.systemTicker());
    private boolean setbackTried;
    private volatile boolean closed;
    private @Nullable Long failingSince;
    private boolean outageTold;

    OutboxRelay(Database database, OutboxStore store, EventPublisher publisher, EventMeters meters) {
        this.database = database;
        this.store = store;
        this.publisher = publisher;
        this.meters = meters;
        thread = Thread.ofPlatform().name("outbox-relay").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (var bell = database.listen(OutboxBell.CHANNEL)) {
            while (!closed) {
                turn(bell);
            }
        } catch (InterruptedException closing) {
            log.debug("interrupted", closing);
        } finally {
            publisher.close();
        }
    }

    private void turn(Notifications bell) throws InterruptedException {
        try {
            switch (pass()) {
                case WORKED -> well();
                case IDLE -> bell.await(POLL_PAUSE);
                case BUSY -> bell.await(BUSY_PAUSE);
            }
        } catch (PublicationFailedException | DatabaseUnavailableException e) {
            failed(e);
            Thread.sleep(backoff.next());
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            // Whatever it is, a service that stays up goes on publishing.
            if (!closed) {
                log.error("unexpected failure of the outbox", e);
                Thread.sleep(backoff.next());
            }
        }
    }

    private enum Pass {
        /// Something was published.
        WORKED,
        /// There is nothing to publish.
        IDLE,
        /// Others publish what there is.
        BUSY
    }

    private Pass pass() {
        var without = setbacks.parts();
        var full = new ArrayList<>(database.read(session -> store.lanes(session, without)));
        // In turns, for one that fails may take long.
        var part = full.isEmpty() || !setbackTried ? setbacks.due() : Optional.<Part>empty();
        setbackTried = part.isPresent();
        if (part.isPresent()) {
            return again(part.get());
        }
        if (full.isEmpty()) {
            return Pass.IDLE;
        }
        Collections.shuffle(full);
        // While it fails here it may work elsewhere: what is tried is kept from others.
        var most = failingSince == null ? LANES_AT_ONCE : 1;
        var wanted = full.subList(0, Math.min(full.size(), most));
        var result = database.inDetachedTransaction(tx -> publish(tx, wanted, without));
        if (result.isEmpty()) {
            return Pass.BUSY;
        }
        return ended(result.get());
    }

    /// Tries by itself what failed.
    private Pass again(Part part) {
        var result = database.inDetachedTransaction(tx -> publish(tx, part));
        if (result.isEmpty()) {
            return Pass.BUSY;
        }
        var sent = result.get();
        if (sent.failure() == null) {
            if (setbacks.remove(part)) {
                log.info("events of {} in lane {} are published again", part.topic(), part.lane());
            }
        } else if (!sent.onlySome()) {
            setbacks.again(part);
        }
        return ended(sent);
    }

    private Pass ended(EventPublisher.Result sent) {
        var failure = sent.failure();
        if (failure != null && !sent.onlySome()) {
            throw new PublicationFailedException(failure);
        }
        if (failure != null) {
            for (var part : setbacks.add(sent.failed())) {
                log.warn("events of {} in lane {} wait: {}", part.topic(), part.lane(), Launcher.causes(failure));
            }
        }
        return Pass.WORKED;
    }

    private Optional<EventPublisher.Result> publish(Tx tx, List<Integer> wanted, Set<Part> without) {
        var lanes = store.take(tx, wanted);
        return lanes.isEmpty()
                ? Optional.empty()
                : publish(tx, store.first(tx, lanes, Math.max(1, ROWS_MAX / lanes.size()), without));
    }

    private Optional<EventPublisher.Result> publish(Tx tx, Part part) {
        if (store.take(tx, List.of(part.lane())).isEmpty()) {
            return Optional.empty();
        }
        var rows = store.first(tx, part, ROWS_MAX);
        if (rows.isEmpty()) {
            setbacks.remove(part);
        }
        return publish(tx, rows);
    }

    private Optional<EventPublisher.Result> publish(Tx tx, List<OutboxStore.Row> rows) {
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        var sent = publisher.publish(rows);
        if (!sent.published().isEmpty()) {
            store.remove(tx, sent.published());
            tx.afterCommit(() -> count(sent.published()));
        }
        return Optional.of(sent);
    }

    private void count(List<OutboxStore.Row> published) {
        published.stream()
                .collect(Collectors.groupingBy(row -> row.message().topic(), Collectors.summingInt(_ -> 1)))
                .forEach(meters::published);
    }

    private void well() {
        backoff.reset();
        if (outageTold) {
            log.info("events are published again");
        }
        outageTold = false;
        failingSince = null;
    }

    private void failed(RuntimeException e) {
        var now = System.nanoTime();
        var since = failingSince == null ? now : failingSince;
        failingSince = since;
        if (!outageTold && now - since >= OUTAGE_TOLD.toNanos() && !closed) {
            outageTold = true;
            log.warn("events wait in the outbox: {}", Launcher.causes(e));
        } else {
            log.debug("events wait in the outbox", e);
        }
    }

    private static final class PublicationFailedException extends RuntimeException {
        PublicationFailedException(Exception cause) {
            super("Kafka does not take them", cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (thread.isAlive()) {
                thread.join(CLOSE_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
