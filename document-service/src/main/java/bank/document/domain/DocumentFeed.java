package bank.document.domain;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.LoggedChange;
import bank.document.store.DocumentLogStore;
import bank.platform.db.Database;
import bank.platform.db.DatabaseUnavailableException;
import bank.platform.db.Notifications;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log of changes as this process follows it. Several processes follow it at once: whoever finds changes without a
/// position places them for all.
final class DocumentFeed {
    private static final Logger log = LoggerFactory.getLogger(DocumentFeed.class);
    private static final int BATCH = 1_000;
    private static final int REMEMBERED_MAX = 4 * BATCH;

    // What was committed by a process that then died before it could tell is found by this.
    private static final Duration POLL_PAUSE = Duration.ofSeconds(1);

    private final Database database;
    private final DocumentLogStore store;
    private final Supplier<Notifications> bell;
    private final RecentChanges recent = new RecentChanges(REMEMBERED_MAX);

    /// @param bell rings soon after a change was committed
    DocumentFeed(Database database, DocumentLogStore store, Supplier<Notifications> bell) {
        this.database = database;
        this.store = store;
        this.bell = bell;
    }

    /// Where the log begins and ends, with every change in it that stands.
    DocumentLogStore.End end() {
        while (database.read(store::hasUnplaced)) {
            place();
        }
        return database.read(store::end);
    }

    private void place() {
        database.inDetachedTransaction(tx -> store.place(tx, BATCH));
    }

    /// Begins to follow after a position.
    void restart(long position) {
        recent.restart(position);
    }

    /// Position up to which this process has followed the log.
    long seen() {
        return recent.seen();
    }

    /// Follows the log for as long as somebody watches.
    ///
    /// @param told gets changes in their order, once they are seen
    void follow(BooleanSupplier watched, Consumer<List<LoggedChange>> told) throws InterruptedException {
        try (var ringing = bell.get()) {
            while (watched.getAsBoolean()) {
                step(ringing, told);
            }
        }
    }

    private void step(Notifications ringing, Consumer<List<LoggedChange>> told) throws InterruptedException {
        try {
            if (database.read(store::hasUnplaced)) {
                place();
            }
            var next = database.read(session -> store.between(session, seen(), Long.MAX_VALUE, null, BATCH));
            if (!next.isEmpty()) {
                recent.add(next);
                told.accept(next);
                return;
            }
        } catch (DatabaseUnavailableException e) {
            log.debug("cannot follow the log of changes", e);
        }
        ringing.await(POLL_PAUSE);
    }

    /// The first changes after a position, up to another that was seen.
    ///
    /// @param userId owner; null for all
    /// @throws DocumentException OUT_OF_RANGE, reason WATCH_POSITION_GONE
    List<LoggedChange> between(long after, long upTo, @Nullable Long userId, int limit) {
        var remembered = recent.between(after, upTo, userId, limit);
        if (remembered != null) {
            return remembered;
        }
        var found = database.read(session -> store.between(session, after, upTo, userId, limit));
        // Asked afterwards: what was forgotten by then may be missing.
        if (database.read(store::end).forgotten() > after) {
            throw new DocumentException(new DocumentFailure.WatchPositionGone(after));
        }
        return found;
    }
}
