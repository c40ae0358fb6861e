package bank.identity.store;

import bank.identity.model.AuditEvent;
import bank.identity.model.Caller;
import bank.identity.model.Origin;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The audit log.
public final class AuditStore {
    /// The newest row.
    ///
    /// @param number its place; 0 when there is none
    /// @param code its code
    @SuppressWarnings("ArrayRecordComponent")
    public record Head(long number, byte[] code) {}

    /// A row with its code.
    ///
    /// @param code made of it and of the code of the row before
    @SuppressWarnings("ArrayRecordComponent")
    public record Stored(AuditEvent event, byte[] code) {}

    /// The newest row, which nobody else can follow up until the transaction ends.
    public Head lockHead(Tx tx) {
        return tx.sql()
                .createQuery("SELECT number, code FROM audit_head FOR UPDATE")
                .map((row, context) -> new Head(row.getLong("number"), row.getBytes("code")))
                .one();
    }

    /// The newest row, as it is remembered apart from the rows.
    public Head head(Session session) {
        return session.sql()
                .createQuery("SELECT number, code FROM audit_head")
                .map((row, context) -> new Head(row.getLong("number"), row.getBytes("code")))
                .one();
    }

    /// Adds a row, which becomes the newest.
    public void insert(Tx tx, Stored added) {
        var event = added.event();
        var caller = event.caller();
        tx.sql()
                .createUpdate("""
                        INSERT INTO audit_event (number, at, type, actor, subject, address, agent, request_id, detail,
                                                 code)
                        VALUES (:number, :at, :type, :actor, :subject, :address, :agent, :request, :detail, :code)""")
                .bind("number", event.number())
                .bind("at", Times.utc(event.at()))
                .bind("type", event.type())
                .bind("actor", caller.name())
                .bind("subject", event.subject())
                .bind("address", caller.origin().address())
                .bind("agent", caller.origin().agent())
                .bind("request", caller.requestId())
                .bind("detail", event.detail())
                .bind("code", added.code())
                .execute();
        tx.sql()
                .createUpdate("UPDATE audit_head SET number = :number, code = :code")
                .bind("number", event.number())
                .bind("code", added.code())
                .execute();
    }

    /// Rows in their order.
    ///
    /// @param after place of the row before the first of them
    /// @param limit how many at most
    public List<Stored> following(Session session, long after, int limit) {
        return session.sql()
                .createQuery("""
                        SELECT number, at, type, actor, subject, address, agent, request_id, detail, code
                        FROM audit_event WHERE number > :after ORDER BY number LIMIT :limit""")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> stored(row))
                .list();
    }

    /// The last row there is; 0 when there is none.
    public long last(Session session) {
        return session.sql()
                .createQuery("SELECT coalesce(max(number), 0) FROM audit_event")
                .mapTo(Long.class)
                .one();
    }

    /// The code of a row.
    public Optional<byte[]> code(Session session, long number) {
        return session.sql()
                .createQuery("SELECT code FROM audit_event WHERE number = :number")
                .bind("number", number)
                .mapTo(byte[].class)
                .findOne();
    }

    /// Rows, newest first.
    ///
    /// @param before place of the row after the first of them
    /// @param limit how many at most
    public List<AuditEvent> newest(Session session, AuditFilter filter, long before, int limit) {
        var where = new StringBuilder("number < :before");
        Map<String, Object> values = new HashMap<>();
        criterion(where, values, "subject = :subject", "subject", filter.subject());
        criterion(where, values, "actor = :actor", "actor", filter.actor());
        criterion(where, values, "type = :type", "type", filter.type());
        criterion(where, values, "at >= :from", "from", filter.from());
        criterion(where, values, "at <= :to", "to", filter.to());
        return session.sql()
                .createQuery("""
                        SELECT number, at, type, actor, subject, address, agent, request_id, detail, code
                        FROM audit_event WHERE %s ORDER BY number DESC LIMIT :limit""".formatted(where))
                .bindMap(values)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> stored(row).event())
                .list();
    }

    private static void criterion(
            StringBuilder where, Map<String, Object> values, String sql, String name, @Nullable Object value) {
        if (value != null) {
            where.append(" AND ").append(sql);
            values.put(name, value instanceof Instant instant ? Times.utc(instant) : value.toString());
        }
    }

    private static Stored stored(ResultSet row) throws SQLException {
        var caller = new Caller(
                row.getString("actor"),
                new Origin(row.getString("address"), row.getString("agent")),
                row.getString("request_id"));
        return new Stored(
                new AuditEvent(
                        row.getLong("number"),
                        Times.read(row, "at"),
                        row.getString("type"),
                        caller,
                        row.getString("subject"),
                        row.getString("detail")),
                row.getBytes("code"));
    }
}
