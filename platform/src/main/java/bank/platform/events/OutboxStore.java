package bank.platform.events;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import bank.platform.events.Setbacks.Part;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.transaction.TransactionException;

/// Rows of `event_outbox`. Those of one topic and key are in one lane, where their numbers are in the order of their
/// transactions.
final class OutboxStore {
    /// Lanes there are.
    static final int LANES = 16;

    // Tells the locks on lanes from those on keys, which have one number of 64 bits.
    private static final int LANE_LOCKS = 0x6f75_7462;

    private static final String ADD =
            "INSERT INTO event_outbox (lane, topic, key, headers, value, created_at) VALUES (?, ?, ?, ?, ?, ?)";

    // A number is drawn when the lock is held, so that of two transactions the one that commits first has the lower.
    private static final String ADD_IN_TURN = """
            WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(?))
            INSERT INTO event_outbox (lane, topic, key, headers, value, created_at)
            SELECT ?, ?, ?, ?, ?, ? FROM turn""";

    /// A row.
    record Row(int lane, long number, OutgoingMessage message, Instant createdAt) {}

    /// How much waits.
    ///
    /// @param depth rows
    /// @param oldest when the oldest was written; empty when there is none
    record Backlog(long depth, Optional<Instant> oldest) {}

    /// By JDBC itself: to bind by name took a sixth of what a transaction with an event takes of this process.
    void add(Tx tx, OutgoingMessage message, Instant now) {
        var lock = lock(message.topic(), message.key());
        try (var insert = tx.prepare(message.ordered() ? ADD_IN_TURN : ADD)) {
            var place = 0;
            if (message.ordered()) {
                insert.setLong(++place, lock);
            }
            insert.setInt(++place, Math.floorMod(lock, LANES));
            insert.setString(++place, message.topic());
            insert.setString(++place, message.key());
            insert.setArray(++place, insert.getConnection().createArrayOf("text", pairs(message.headers())));
            insert.setBytes(++place, message.value().toByteArray());
            insert.setObject(++place, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new TransactionException("the outbox took no event", e);
        }
    }

    /// Lock on a topic and key while a transaction that publishes there runs.
    static long lock(String topic, String key) {
        return Hashing.sha256()
                .hashString("event_outbox\0" + topic + "\0" + key, StandardCharsets.UTF_8)
                .asLong();
    }

    /// Lanes that have rows.
    ///
    /// @param without parts that do not count
    List<Integer> lanes(Session session, Set<Part> without) {
        var query = session.sql()
                .createQuery("SELECT lane FROM generate_series(0, :last) lane WHERE EXISTS ("
                        + "SELECT FROM event_outbox o WHERE o.lane = lane.lane" + condition(without) + ")")
                .bind("last", LANES - 1);
        return bound(query, without).mapTo(Integer.class).list();
    }

    private static String condition(Set<Part> without) {
        return without.isEmpty()
                ? ""
                : " AND (o.lane, o.topic) NOT IN (SELECT * FROM unnest(:withoutLanes, :withoutTopics))";
    }

    private static Query bound(Query query, Set<Part> without) {
        if (without.isEmpty()) {
            return query;
        }
        var parts = List.copyOf(without);
        return query.bindArray(
                        "withoutLanes",
                        Integer.class,
                        parts.stream().map(Part::lane).toList())
                .bindArray(
                        "withoutTopics",
                        String.class,
                        parts.stream().map(Part::topic).toList());
    }

    /// Takes those of the lanes that nobody else has, until the transaction ends.
    List<Integer> take(Tx tx, Collection<Integer> lanes) {
        return tx.sql()
                .createQuery("SELECT lane FROM unnest(:lanes) lane WHERE pg_try_advisory_xact_lock(:class, lane)")
                .bindArray("lanes", Integer.class, lanes)
                .bind("class", LANE_LOCKS)
                .mapTo(Integer.class)
                .list();
    }

    /// The first rows of lanes, those of a lane in their order.
    ///
    /// @param without parts to leave out
    List<Row> first(Tx tx, Collection<Integer> lanes, int perLane, Set<Part> without) {
        var query = tx.sql()
                .createQuery("SELECT head.* FROM unnest(:lanes) AS taken (lane), LATERAL ("
                        + "SELECT lane, number, topic, key, headers, value, created_at FROM event_outbox o WHERE o.lane = taken.lane"
                        + condition(without)
                        + " ORDER BY o.number LIMIT :limit) head ORDER BY head.number")
                .bindArray("lanes", Integer.class, lanes)
                .bind("limit", perLane);
        return bound(query, without).map((row, context) -> row(row)).list();
    }

    /// The first rows of a part, in their order.
    List<Row> first(Tx tx, Part part, int limit) {
        return tx.sql()
                .createQuery("""
                        SELECT lane, number, topic, key, headers, value, created_at FROM event_outbox
                        WHERE lane = :lane AND topic = :topic ORDER BY number LIMIT :limit""")
                .bind("lane", part.lane())
                .bind("topic", part.topic())
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    void remove(Tx tx, List<Row> rows) {
        tx.sql()
                .createUpdate("""
                        DELETE FROM event_outbox o USING unnest(:lanes, :numbers) AS done (lane, number)
                        WHERE o.lane = done.lane AND o.number = done.number""")
                .bindArray("lanes", Integer.class, rows.stream().map(Row::lane).toList())
                .bindArray("numbers", Long.class, rows.stream().map(Row::number).toList())
                .execute();
    }

    Backlog backlog(Session session) {
        return session.sql()
                .createQuery("SELECT count(*) AS depth, min(created_at) AS oldest FROM event_outbox")
                .map((row, context) -> new Backlog(
                        row.getLong("depth"),
                        Optional.ofNullable(row.getObject("oldest", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)))
                .one();
    }

    private static Row row(ResultSet row) throws SQLException {
        var message = new OutgoingMessage(
                row.getString("topic"),
                row.getString("key"),
                headers((String[]) row.getArray("headers").getArray()),
                ByteString.copyFrom(row.getBytes("value")),
                true);
        return new Row(
                row.getInt("lane"),
                row.getLong("number"),
                message,
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static String[] pairs(Map<String, String> headers) {
        return headers.entrySet().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                .toArray(String[]::new);
    }

    private static Map<String, String> headers(String[] pairs) {
        var headers = new LinkedHashMap<String, String>();
        for (var i = 0; i + 1 < pairs.length; i += 2) {
            headers.put(pairs[i], pairs[i + 1]);
        }
        return headers;
    }
}
