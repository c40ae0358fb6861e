package bank.platform.events;

import bank.platform.Launcher;
import bank.platform.db.Database;
import bank.platform.db.DatabaseUnavailableException;
import bank.platform.db.Notifications;
import bank.platform.db.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
        } catch (RuntimeException e) {
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
        var full = new ArrayList<>(database.read(store::lanes));
        if (full.isEmpty()) {
            return Pass.IDLE;
        }
        Collections.shuffle(full);
        var wanted = full.subList(0, Math.min(full.size(), LANES_AT_ONCE));
        var result = database.inDetachedTransaction(tx -> publish(tx, wanted));
        if (result.isEmpty()) {
            return Pass.BUSY;
        }
        var failure = result.get().failure();
        if (failure != null) {
            throw new PublicationFailedException(failure);
        }
        return Pass.WORKED;
    }

    private Optional<EventPublisher.Result> publish(Tx tx, List<Integer> wanted) {
        var lanes = store.take(tx, wanted);
        var rows = lanes.isEmpty()
                ? List.<OutboxStore.Row>of()
                : store.first(tx, lanes, Math.max(1, ROWS_MAX / lanes.size()));
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
