package bank.document.store;

import bank.document.model.DocumentEvent;
import bank.document.model.DocumentStatus;
import bank.document.model.LoggedChange;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The log of changes, in the order in which those who watch are told of them.
public final class DocumentLogStore {
    /// Where the log begins and ends.
    ///
    /// @param given last position given
    /// @param forgotten last position that is not kept any more
    public record End(long given, long forgotten) {}

    /// Adds a change. The row of its document is locked.
    public void insert(Tx tx, LoggedChange change) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO document_log (document_id, user_id, type, from_status, to_status, version,
                            revision, actor, created_at)
                        VALUES (:document, :user, :type, :from, :to, :version, :revision, :actor, :at)""")
                .bind("document", change.documentId())
                .bind("user", change.userId())
                .bind("type", change.type().code())
                .bind("from", code(change.from()))
                .bind("to", code(change.to()))
                .bind("version", change.version())
                .bind("revision", change.revision())
                .bind("actor", change.actor())
                .bind("at", Rows.at(change.at()))
                .execute();
    }

    /// Some change has no position yet.
    public boolean hasUnplaced(Session session) {
        return session.sql()
                .createQuery("SELECT EXISTS (SELECT FROM document_log WHERE position IS NULL)")
                .mapTo(Boolean.class)
                .one();
    }

    /// Gives the next positions to changes that have none.
    ///
    /// @return how many, at most the limit
    public int place(Tx tx, int limit) {
        var given = tx.sql()
                .createQuery("SELECT given FROM document_log_end FOR UPDATE")
                .mapTo(Long.class)
                .one();
        // Reads after the lock was had, and so sees what others have placed.
        var placed = tx.sql()
                .createUpdate("""
                        UPDATE document_log SET position = :given + place.rank
                        FROM (SELECT number, row_number() OVER (ORDER BY number) AS rank
                              FROM (SELECT number FROM document_log WHERE position IS NULL
                                    ORDER BY number LIMIT :limit) AS unplaced) AS place
                        WHERE document_log.number = place.number""")
                .bind("given", given)
                .bind("limit", limit)
                .execute();
        if (placed > 0) {
            tx.sql()
                    .createUpdate("UPDATE document_log_end SET given = :given")
                    .bind("given", given + placed)
                    .execute();
        }
        return placed;
    }

    /// Where the log begins and ends now.
    public End end(Session session) {
        return session.sql()
                .createQuery("SELECT given, forgotten FROM document_log_end")
                .map((row, context) -> new End(row.getLong("given"), row.getLong("forgotten")))
                .one();
    }

    /// Changes after a position, in their order.
    ///
    /// @param upTo last position wanted
    /// @param userId owner; null for all
    public List<LoggedChange> between(Session session, long after, long upTo, @Nullable Long userId, int limit) {
        var query = session.sql()
                .createQuery("""
                        SELECT position, document_id, user_id, type, from_status, to_status, version, revision, actor,
                               created_at
                        FROM document_log
                        WHERE position > :after AND position <= :upTo%s
                        ORDER BY position
                        LIMIT :limit""".formatted(userId == null ? "" : " AND user_id = :user"))
                .bind("after", after)
                .bind("upTo", upTo)
                .bind("limit", limit);
        if (userId != null) {
            query.bind("user", userId);
        }
        return query.map((row, context) -> change(row)).list();
    }

    /// Forgets the oldest changes, as far as they lie before a moment.
    ///
    /// @return how many, at most the limit
    public int forget(Tx tx, Instant before, int limit) {
        tx.sql()
                .createQuery("SELECT given FROM document_log_end FOR UPDATE")
                .mapTo(Long.class)
                .one();
        var forgotten = tx.sql()
                .createQuery("""
                        DELETE FROM document_log WHERE position IN (
                            SELECT position FROM (
                                SELECT position, bool_and(created_at < :before) OVER (ORDER BY position) AS due
                                FROM (SELECT position, created_at FROM document_log WHERE position IS NOT NULL
                                      ORDER BY position LIMIT :limit) AS oldest) AS judged
                            WHERE due)
                        RETURNING position""")
                .bind("before", Rows.at(before))
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
        if (!forgotten.isEmpty()) {
            tx.sql()
                    .createUpdate("UPDATE document_log_end SET forgotten = :last")
                    .bind(
                            "last",
                            forgotten.stream().mapToLong(Long::longValue).max().getAsLong())
                    .execute();
        }
        return forgotten.size();
    }

    private static @Nullable String code(@Nullable DocumentStatus status) {
        return status == null ? null : status.code();
    }

    private static @Nullable DocumentStatus status(ResultSet row, String column) throws SQLException {
        var code = row.getString(column);
        return code == null ? null : DocumentStatus.of(code);
    }

    private static LoggedChange change(ResultSet row) throws SQLException {
        return new LoggedChange(
                row.getLong("position"),
                row.getLong("document_id"),
                row.getLong("user_id"),
                DocumentEvent.Type.of(row.getString("type")),
                status(row, "from_status"),
                status(row, "to_status"),
                row.getInt("version"),
                row.getLong("revision"),
                row.getString("actor"),
                Rows.instant(row, "created_at"));
    }
}
