package bank.document.domain;

import bank.document.model.LoggedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The newest changes, so that of many who watch nobody has to ask the database for them.
final class RecentChanges {
    private final ReentrantLock lock = new ReentrantLock();
    // Positions have no gaps: each has its place.
    private final LoggedChange[] ring;
    private long unknown;
    private long seen;

    /// @param max most changes remembered
    RecentChanges(int max) {
        ring = new LoggedChange[max];
    }

    /// Begins anew after a position.
    void restart(long position) {
        lock.lock();
        try {
            unknown = position;
            seen = position;
        } finally {
            lock.unlock();
        }
    }

    /// Adds the changes that follow.
    void add(List<LoggedChange> next) {
        lock.lock();
        try {
            for (var change : next) {
                if (change.position() != seen + 1) {
                    throw new IllegalStateException("change " + change.position() + " follows " + seen);
                }
                seen = change.position();
                ring[place(seen)] = change;
            }
            unknown = Math.max(unknown, seen - ring.length);
        } finally {
            lock.unlock();
        }
    }

    /// Position up to which all is known.
    long seen() {
        lock.lock();
        try {
            return seen;
        } finally {
            lock.unlock();
        }
    }

    /// The first changes after a position, up to another that was seen; null when some of them are not remembered.
    ///
    /// @param userId owner; null for all
    @Nullable
    List<LoggedChange> between(long after, long upTo, @Nullable Long userId, int limit) {
        lock.lock();
        try {
            if (after < unknown) {
                return null;
            }
            var found = new ArrayList<LoggedChange>();
            for (var position = after + 1; position <= upTo && found.size() < limit; position++) {
                var change = ring[place(position)];
                if (userId == null || change.userId() == userId) {
                    found.add(change);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private int place(long position) {
        return (int) (position % ring.length);
    }
}
