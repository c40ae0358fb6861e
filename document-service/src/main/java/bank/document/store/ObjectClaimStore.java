package bank.document.store;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// Objects in S3 that belong to no version of a document.
public final class ObjectClaimStore {
    /// Claims a key for an upload.
    ///
    /// @param due when the upload is given up
    public void insert(Tx tx, String key, Instant due) {
        tx.sql()
                .createUpdate("INSERT INTO object_claim (key, state, due) VALUES (:key, 'uploading', :due)")
                .bind("key", key)
                .bind("due", Rows.at(due))
                .execute();
    }

    /// Ends the claim of an upload whose object now belongs to a version.
    ///
    /// @return false when the upload was given up meanwhile
    public boolean settle(Tx tx, String key) {
        return tx.sql()
                        .createUpdate("DELETE FROM object_claim WHERE key = :key AND state = 'uploading'")
                        .bind("key", key)
                        .execute()
                == 1;
    }

    /// Gives an upload up, if it still is one.
    ///
    /// @param due when its object is to be deleted
    /// @return false when it has become part of a document, or was given up already
    public boolean giveUp(Tx tx, String key, Instant due) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE object_claim SET state = 'doomed', due = :due
                                WHERE key = :key AND state = 'uploading'""")
                        .bind("key", key)
                        .bind("due", Rows.at(due))
                        .execute()
                == 1;
    }

    /// Dooms objects that belong to no version any more.
    public void doom(Tx tx, Collection<String> keys, Instant due) {
        var batch = tx.sql().prepareBatch("INSERT INTO object_claim (key, state, due) VALUES (:key, 'doomed', :due)");
        keys.forEach(key -> batch.bind("key", key).bind("due", Rows.at(due)).add());
        batch.execute();
    }

    /// Gives up the uploads that are due, and tells every object that is to be deleted.
    ///
    /// @return keys, at most as many as the limit
    public List<String> doomDue(Tx tx, Instant now, int limit) {
        return tx.sql()
                .createQuery("""
                        UPDATE object_claim SET state = 'doomed'
                        WHERE key IN (SELECT key FROM object_claim WHERE due <= :now
                                      ORDER BY due LIMIT :limit FOR UPDATE SKIP LOCKED)
                        RETURNING key""")
                .bind("now", Rows.at(now))
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    /// Those of the keys that are to be deleted.
    public List<String> doomed(Session session, Collection<String> keys) {
        return session.sql()
                .createQuery("SELECT key FROM object_claim WHERE key IN (<keys>) AND state = 'doomed'")
                .bindList("keys", List.copyOf(keys))
                .mapTo(String.class)
                .list();
    }

    /// Forgets objects that are deleted and due.
    public void forget(Tx tx, Collection<String> keys, Instant now) {
        var batch =
                tx.sql().prepareBatch("DELETE FROM object_claim WHERE key = :key AND state = 'doomed' AND due <= :now");
        keys.forEach(key -> batch.bind("key", key).bind("now", Rows.at(now)).add());
        batch.execute();
    }
}
