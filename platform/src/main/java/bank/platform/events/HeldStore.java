package bank.platform.events;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rows of `event_held` and `event_waiting`.
final class HeldStore {

    /// The first event of a key that could not be worked.
    ///
    /// @param id number of the row
    /// @param event the event
    /// @param attempts how often it was tried
    /// @param reason why it failed last
    /// @param parked it is a dead letter
    /// @param since since when it, or one before it, holds the key
    /// @param waiting later events of the key; 0 where they are not counted
    record Held(
            long id,
            String consumer,
            ReceivedEvent event,
            int attempts,
            String reason,
            boolean parked,
            Instant since,
            long waiting) {

        /// Is it this event, tried as often as that one says?
        boolean isTurnOf(ReceivedEvent retry) {
            return !parked && is(retry) && attempts == retry.attempts();
        }

        /// Was this message of a retry topic sent for it as it is now?
        boolean sent(ReceivedEvent retry) {
            return !parked
                    && event.partition() == retry.partition()
                    && event.offset() == retry.offset()
                    && attempts == retry.attempts();
        }

        boolean is(ReceivedEvent other) {
            return event.id().equals(other.id()) && event.source().equals(other.source());
        }
    }

    private static final String COLUMNS = """
            id, consumer, topic, key, partition, "offset", headers, value, attempts, reason, parked, created_at""";

    /// What holds these keys.
    Map<EventKey, Held> of(Session session, String consumer, Collection<EventKey> keys) {
        var held = new HashMap<EventKey, Held>();
        session.sql()
                .createQuery("SELECT " + COLUMNS + ", 0 AS waiting FROM event_held WHERE consumer = :consumer"
                        + " AND (topic, key) IN (SELECT * FROM unnest(:topics, :keys))")
                .bind("consumer", consumer)
                .bindArray(
                        "topics",
                        String.class,
                        keys.stream().map(EventKey::topic).toList())
                .bindArray(
                        "keys", String.class, keys.stream().map(EventKey::key).toList())
                .map((row, context) -> held(row))
                .forEach(found -> held.put(found.event().key(), found));
        return held;
    }

    /// Some that are parked, the newest first.
    ///
    /// @param before only those with lower numbers
    List<Held> parked(Session session, long before, int limit) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + """
                        , (SELECT count(*) FROM event_waiting w
                         WHERE w.consumer = h.consumer AND w.topic = h.topic AND w.key = h.key) AS waiting
                        FROM event_held h WHERE parked AND id < :before ORDER BY id DESC LIMIT :limit""")
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> held(row))
                .list();
    }

    /// One by its number.
    Optional<Held> byId(Session session, long id) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + ", 0 AS waiting FROM event_held WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> held(row))
                .findOne();
    }

    /// Some that should have been tried again long ago.
    List<Held> overdue(Session session, Instant before, int limit) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + ", 0 AS waiting FROM event_held"
                        + " WHERE NOT parked AND due_at < :before ORDER BY due_at LIMIT :limit")
                .bind("before", before.atOffset(ZoneOffset.UTC))
                .bind("limit", limit)
                .map((row, context) -> held(row))
                .list();
    }

    /// How many events hold their keys.
    record Count(long retrying, long parked) {}

    Count count(Session session) {
        return session.sql()
                .createQuery("""
                        SELECT count(*) FILTER (WHERE NOT parked) AS retrying, count(*) FILTER (WHERE parked) AS parked
                        FROM event_held""")
                .map((row, context) -> new Count(row.getLong("retrying"), row.getLong("parked")))
                .one();
    }

    /// Holds a key by an event, or keeps what is said of the one that holds it already. Another event has another
    /// number, so that none ever means two.
    void put(
            Tx tx,
            String consumer,
            ReceivedEvent event,
            int attempts,
            String reason,
            boolean parked,
            Instant due,
            Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO event_held (consumer, topic, key, source, event_id, partition, "offset", headers, value,
                            attempts, reason, parked, due_at, created_at)
                        VALUES (:consumer, :topic, :key, :source, :id, :partition, :offset, :headers, :value,
                            :attempts, :reason, :parked, :due, :now)
                        ON CONFLICT (consumer, topic, key) DO UPDATE
                        SET id = CASE WHEN (event_held.source, event_held.event_id) = (excluded.source, excluded.event_id)
                                THEN event_held.id ELSE excluded.id END,
                            source = excluded.source, event_id = excluded.event_id, partition = excluded.partition,
                            "offset" = excluded."offset", headers = excluded.headers, value = excluded.value,
                            attempts = excluded.attempts, reason = excluded.reason, parked = excluded.parked,
                            due_at = excluded.due_at""")
                .bindMap(columns(consumer, event))
                .bindArray("headers", String.class, pairs(event.headers()))
                .bind("attempts", attempts)
                .bind("reason", reason)
                .bind("parked", parked)
                .bind("due", due.atOffset(ZoneOffset.UTC))
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    /// Lets go of a key.
    void remove(Tx tx, String consumer, EventKey key) {
        tx.sql()
                .createUpdate("DELETE FROM event_held WHERE consumer = :consumer AND topic = :topic AND key = :key")
                .bind("consumer", consumer)
                .bind("topic", key.topic())
                .bind("key", key.key())
                .execute();
    }

    /// Lets an event wait behind those of its key.
    void wait(Tx tx, String consumer, ReceivedEvent event) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO event_waiting (consumer, topic, key, source, event_id, partition, "offset", headers,
                            value)
                        VALUES (:consumer, :topic, :key, :source, :id, :partition, :offset, :headers, :value)
                        ON CONFLICT (consumer, topic, key, event_id, source) DO NOTHING""")
                .bindMap(columns(consumer, event))
                .bindArray("headers", String.class, pairs(event.headers()))
                .execute();
    }

    /// Takes the first event that waits behind a key.
    Optional<ReceivedEvent> takeWaiting(Tx tx, String consumer, EventKey key) {
        return tx.sql()
                .createQuery("""
                        DELETE FROM event_waiting WHERE (consumer, topic, key, number) IN (
                            SELECT consumer, topic, key, number FROM event_waiting
                            WHERE consumer = :consumer AND topic = :topic AND key = :key ORDER BY number LIMIT 1)
                        RETURNING topic, key, partition, "offset", headers, value""")
                .bind("consumer", consumer)
                .bind("topic", key.topic())
                .bind("key", key.key())
                .map((row, context) -> event(row))
                .findOne();
    }

    private static Map<String, Object> columns(String consumer, ReceivedEvent event) {
        return Map.of(
                "consumer", consumer,
                "topic", event.key().topic(),
                "key", event.key().key(),
                "source", event.source(),
                "id", event.id(),
                "partition", event.partition(),
                "offset", event.offset(),
                "value", event.value().toByteArray());
    }

    private static Held held(ResultSet row) throws SQLException {
        return new Held(
                row.getLong("id"),
                row.getString("consumer"),
                event(row),
                row.getInt("attempts"),
                row.getString("reason"),
                row.getBoolean("parked"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getLong("waiting"));
    }

    private static ReceivedEvent event(ResultSet row) throws SQLException {
        return ReceivedEvent.ofKept(
                row.getString("topic"),
                row.getString("key"),
                row.getInt("partition"),
                row.getLong("offset"),
                headers((String[]) row.getArray("headers").getArray()),
                row.getBytes("value"));
    }

    private static List<String> pairs(Map<String, String> headers) {
        var pairs = new ArrayList<String>();
        headers.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        return pairs;
    }

    private static Map<String, String> headers(String[] pairs) {
        var headers = new LinkedHashMap<String, String>();
        for (var i = 0; i + 1 < pairs.length; i += 2) {
            headers.put(pairs[i], pairs[i + 1]);
        }
        return headers;
    }
}
