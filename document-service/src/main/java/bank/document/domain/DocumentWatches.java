package bank.document.domain;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.LoggedChange;
import bank.document.store.DocumentLogStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.DatabaseUnavailableException;
import bank.platform.db.Notifications;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those who watch documents change. Each keeps his own place in the log and takes from there when he can, so that one
/// who is slow costs no memory and keeps nobody waiting.
public final class DocumentWatches implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DocumentWatches.class);
    private static final int BATCH = 100;
    private static final int FORGET_BATCH = 5_000;
    private static final Duration FAILURE_PAUSE = Duration.ofSeconds(1);

    private final Database database;
    private final DocumentLogStore store;
    private final Clock clock;
    private final Limits limits;
    private final DocumentFeed feed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition entered = lock.newCondition();
    private final Set<Watch> open = new HashSet<>();
    private final Thread follower;
    private boolean closed;

    /// Limits of watching.
    ///
    /// @param atOnceMax most who watch at once
    /// @param callerAtOnceMax most of these who are one caller
    /// @param kept how long changes are kept for those who resume
    public record Limits(int atOnceMax, int callerAtOnceMax, Duration kept) {}

    /// @param bell rings soon after a change was committed
    public DocumentWatches(
            Database database, DocumentLogStore store, Supplier<Notifications> bell, Clock clock, Limits limits) {
        this.database = database;
        this.store = store;
        this.clock = clock;
        this.limits = limits;
        this.feed = new DocumentFeed(database, store, bell);
        this.follower = Thread.ofPlatform().name("document-watches").daemon().unstarted(this::follow);
        follower.start();
    }

    /// Begins to watch.
    ///
    /// @param userId whose documents; null for all that the caller may see
    /// @param after position of the last change he knows; null for the present one
    /// @throws DocumentException NOT_FOUND for another user's documents; OUT_OF_RANGE, reason WATCH_POSITION_GONE;
    ///     UNAVAILABLE, reason DOCUMENT_WATCHES_EXCEEDED; RESOURCE_EXHAUSTED, reason CALLER_WATCHES_EXCEEDED
    public Watch open(Principal caller, @Nullable Long userId, @Nullable Long after) {
        var watch = new Watch(caller.name(), owner(caller, userId));
        enter(watch);
        try {
            watch.begin(after);
            return watch;
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    private static @Nullable Long owner(Principal caller, @Nullable Long userId) {
        if (userId != null) {
            if (!Reach.of(caller, userId)) {
                throw new DocumentException(new DocumentFailure.UserNotFound(userId));
            }
            return userId;
        }
        if (Reach.all(caller)) {
            return null;
        }
        return caller instanceof Principal.User user ? user.id() : 0L;
    }

    private void enter(Watch watch) {
        lock.lock();
        try {
            if (closed) {
                throw new DocumentException(new DocumentFailure.WatchEnded());
            }
            if (open.size() >= limits.atOnceMax()) {
                throw new DocumentException(new DocumentFailure.TooManyWatches());
            }
            if (open.stream().filter(other -> other.caller.equals(watch.caller)).count() >= limits.callerAtOnceMax()) {
                throw new DocumentException(new DocumentFailure.TooManyWatchesOfCaller(limits.callerAtOnceMax()));
            }
            open.add(watch);
            entered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void leave(Watch watch) {
        lock.lock();
        try {
            open.remove(watch);
        } finally {
            lock.unlock();
        }
    }

    /// How many watch now.
    public int count() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        try {
            while (awaitSomebody()) {
                try {
                    feed.restart(feed.end().given());
                    wake(_ -> true);
                    feed.follow(() -> count() > 0, changes -> wake(watch -> watch.wants(changes)));
                } catch (DatabaseUnavailableException e) {
                    log.debug("cannot follow the log of changes", e);
                    Thread.sleep(FAILURE_PAUSE);
                } catch (RuntimeException e) {
                    log.error("unexpected failure while following the log of changes", e);
                    Thread.sleep(FAILURE_PAUSE);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /// False when there will be nobody any more.
    private boolean awaitSomebody() throws InterruptedException {
        lock.lock();
        try {
            while (open.isEmpty() && !closed) {
                entered.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void wake(Predicate<Watch> whom) {
        lock.lock();
        try {
            open.stream().filter(whom).forEach(Watch::wake);
        } finally {
            lock.unlock();
        }
    }

    /// Drops the changes that were kept long enough.
    public void forgetOld() {
        feed.end();
        var before = clock.instant().minus(limits.kept());
        int forgotten;
        do {
            forgotten = database.inDetachedTransaction(tx -> store.forget(tx, before, FORGET_BATCH));
        } while (forgotten == FORGET_BATCH);
    }

    /// Ends every watch.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            entered.signalAll();
            open.forEach(Watch::end);
        } finally {
            lock.unlock();
        }
        follower.interrupt();
    }

    /// One who watches, for one thread.
    public final class Watch implements AutoCloseable {
        private final String caller;
        private final @Nullable Long userId;
        private final Semaphore bell = new Semaphore(0);
        private volatile boolean ended;
        private long position;

        private Watch(String caller, @Nullable Long userId) {
            this.caller = caller;
            this.userId = userId;
        }

        private void begin(@Nullable Long after) {
            var end = feed.end();
            if (after != null && (after < end.forgotten() || after > end.given())) {
                throw new DocumentException(new DocumentFailure.WatchPositionGone(after));
            }
            position = after == null ? end.given() : after;
        }

        /// Place up to which he knows everything.
        public long position() {
            return position;
        }

        /// Waits for changes, and tells them; none when there are none in time.
        ///
        /// @throws DocumentException OUT_OF_RANGE, reason WATCH_POSITION_GONE; UNAVAILABLE, reason WATCH_ENDED
        public List<LoggedChange> next(Duration wait) throws InterruptedException {
            var until = System.nanoTime() + wait.toNanos();
            var waited = false;
            while (!ended) {
                var seen = feed.seen();
                if (position < seen) {
                    var found = feed.between(position, seen, userId, BATCH);
                    position = found.size() == BATCH ? found.getLast().position() : seen;
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
                if (waited) {
                    return List.of();
                }
                waited = !bell.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                bell.drainPermits();
            }
            throw new DocumentException(new DocumentFailure.WatchEnded());
        }

        private boolean wants(List<LoggedChange> changes) {
            return userId == null || changes.stream().anyMatch(change -> change.userId() == userId);
        }

        private void wake() {
            bell.release();
        }

        private void end() {
            ended = true;
            wake();
        }

        /// Ends it, from any thread.
        @Override
        public void close() {
            end();
            leave(this);
        }
    }
}
