package bank.identity.domain;

import bank.identity.model.AuditCheck;
import bank.identity.model.AuditCheck.Break;
import bank.identity.model.AuditCheck.Kind;
import bank.identity.model.AuditCheck.Mark;
import bank.identity.model.AuditEvent;
import bank.identity.store.AuditFilter;
import bank.identity.store.AuditStore;
import bank.identity.store.AuditStore.Head;
import bank.identity.store.AuditStore.Stored;
import bank.platform.db.Database;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the audit log, and tells whether it is still what was written.
public final class AuditEvents {
    private static final int BATCH = 1_000;

    private final Database database;
    private final AuditStore store;
    private final AuditLog log;

    /// @param log knows the codes
    public AuditEvents(Database database, AuditStore store, AuditLog log) {
        this.database = database;
        this.store = store;
        this.log = log;
    }

    /// Events, newest first.
    ///
    /// @param before number of the event after the first of them
    public List<AuditEvent> list(AuditFilter filter, long before, int limit) {
        return database.read(session -> store.newest(session, filter, before, limit));
    }

    /// Looks at some rows in their order.
    ///
    /// @param after the row before the first of them; its own code is believed
    /// @param rows how many at most
    /// @param kept a row as it was kept elsewhere; null for none
    public AuditCheck check(Mark after, int rows, @Nullable Mark kept) {
        // First the newest, for more are added meanwhile.
        var head = database.read(store::head);
        if (kept != null && kept.number() > head.number()) {
            return new AuditCheck(after, head.number(), new Break(head.number() + 1, Kind.CUT_OFF));
        }
        var reached = after;
        for (var left = rows; left > 0 && reached.number() < head.number(); ) {
            var from = reached.number();
            var limit = Math.min(left, BATCH);
            var batch = database.read(session -> store.following(session, from, limit));
            if (batch.isEmpty()) {
                return broken(reached, head, Kind.CUT_OFF);
            }
            for (var row : batch) {
                var wrong = wrong(row, reached, head, kept);
                if (wrong != null) {
                    return broken(reached, head, wrong);
                }
                reached = Mark.of(row.event().number(), row.code());
                left--;
                if (reached.number() == head.number()) {
                    break;
                }
            }
        }
        return reached.number() < head.number() ? new AuditCheck(reached, head.number(), null) : end(reached, head);
    }

    /// The row before one that checking may begin at, with the code it has now.
    public Mark mark(long number) {
        return number == 0
                ? Mark.BEGIN
                : database.read(session -> store.code(session, number))
                        .map(code -> Mark.of(number, code))
                        .orElse(new Mark(number, Mark.BEGIN.code()));
    }

    private @Nullable Kind wrong(Stored row, Mark before, Head head, @Nullable Mark kept) {
        var number = row.event().number();
        if (number != before.number() + 1) {
            return Kind.MISSING;
        }
        if (!genuine(row, before.bytes())
                || (number == head.number() && !MessageDigest.isEqual(row.code(), head.code()))) {
            return Kind.CHANGED;
        }
        return kept != null && number == kept.number() && !MessageDigest.isEqual(row.code(), kept.bytes())
                ? Kind.REPLACED
                : null;
    }

    private boolean genuine(Stored row, byte[] before) {
        try {
            return MessageDigest.isEqual(row.code(), log.code(row.event(), before));
        } catch (ArithmeticException e) {
            // A time no clock tells.
            return false;
        }
    }

    private AuditCheck end(Mark reached, Head head) {
        // The last row first: one that is added in between is not taken for one too many.
        var last = database.read(store::last);
        var newest = database.read(store::head);
        return last > newest.number()
                ? broken(Mark.of(newest.number(), newest.code()), newest, Kind.SURPLUS)
                : new AuditCheck(reached, head.number(), null);
    }

    private static AuditCheck broken(Mark reached, Head head, Kind kind) {
        return new AuditCheck(reached, head.number(), new Break(reached.number() + 1, kind));
    }
}
