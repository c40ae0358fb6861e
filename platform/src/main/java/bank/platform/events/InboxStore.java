package bank.platform.events;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rows of `event_inbox`, and the locks on what is worked.
final class InboxStore {

    /// Lets nobody else work events of these keys until the transaction ends.
    void lock(Tx tx, String consumer, Collection<EventKey> keys) {
        var locks = keys.stream()
                .map(key -> Hashing.sha256()
                        .hashString(
                                "event_inbox\0" + consumer + "\0" + key.topic() + "\0" + key.key(),
                                StandardCharsets.UTF_8)
                        .asLong())
                .sorted()
                .toList();
        tx.sql()
                .createQuery("SELECT pg_advisory_xact_lock(lock) FROM unnest(:locks) lock")
                .bindArray("locks", Long.class, locks)
                .mapTo(String.class)
                .list();
    }

    /// Those of the events that were worked. Looks them up one by one: joined, all that a consumer ever worked may be
    /// read, as long as the database takes a young table for a small one.
    Set<ReceivedEvent> worked(Session session, String consumer, List<ReceivedEvent> events) {
        var places = session.sql()
                .createQuery("""
                        SELECT asked.place FROM unnest(:ids, :sources) WITH ORDINALITY AS asked (id, source, place),
                            LATERAL (SELECT FROM event_inbox i
                                WHERE i.consumer = :consumer AND i.event_id = asked.id AND i.source = asked.source
                                LIMIT 1) worked""")
                .bindArray(
                        "ids",
                        String.class,
                        events.stream().map(ReceivedEvent::id).toList())
                .bindArray(
                        "sources",
                        String.class,
                        events.stream().map(ReceivedEvent::source).toList())
                .bind("consumer", consumer)
                .mapTo(Integer.class)
                .list();
        var worked = new HashSet<ReceivedEvent>();
        places.forEach(place -> worked.add(events.get(place - 1)));
        return worked;
    }

    /// Marks events as worked.
    void add(Tx tx, String consumer, List<ReceivedEvent> events, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO event_inbox (consumer, source, event_id, worked_at)
                        SELECT :consumer, source, id, :now FROM unnest(:ids, :sources) AS worked (id, source)
                        ON CONFLICT (consumer, event_id, source) DO NOTHING""")
                .bind("consumer", consumer)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bindArray(
                        "ids",
                        String.class,
                        events.stream().map(ReceivedEvent::id).toList())
                .bindArray(
                        "sources",
                        String.class,
                        events.stream().map(ReceivedEvent::source).toList())
                .execute();
    }

    /// Forgets events that were worked before a moment, some at a time.
    ///
    /// @return how many, at most `limit`
    int forget(Tx tx, Instant before, int limit) {
        return tx.sql()
                .createUpdate("""
                        DELETE FROM event_inbox WHERE (consumer, event_id, source) IN (
                            SELECT consumer, event_id, source FROM event_inbox
                            WHERE worked_at < :before ORDER BY worked_at LIMIT :limit)""")
                .bind("before", before.atOffset(ZoneOffset.UTC))
                .bind("limit", limit)
                .execute();
    }
}
