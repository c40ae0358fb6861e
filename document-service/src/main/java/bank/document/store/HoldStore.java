package bank.document.store;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.util.Optional;

/// Holds against deletion.
public final class HoldStore {
    /// Writes what a holder wants, unless a call of the same or a higher generation was here first.
    ///
    /// @return whether the hold stands now
    public boolean set(Tx tx, long documentId, String holder, long generation, boolean active) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO document_hold (document_id, holder, generation, active)
                        VALUES (:id, :holder, :generation, :active)
                        ON CONFLICT (document_id, holder) DO UPDATE
                        SET generation = excluded.generation, active = excluded.active
                        WHERE document_hold.generation < excluded.generation""")
                .bind("id", documentId)
                .bind("holder", holder)
                .bind("generation", generation)
                .bind("active", active)
                .execute();
        return tx.sql()
                .createQuery("SELECT active FROM document_hold WHERE document_id = :id AND holder = :holder")
                .bind("id", documentId)
                .bind("holder", holder)
                .mapTo(Boolean.class)
                .one();
    }

    /// Somebody who holds the document now. Every document of a user who has died is held by his death.
    ///
    /// @param userId its owner
    public Optional<String> holder(Session session, long documentId, long userId) {
        return session.sql()
                .createQuery("""
                        SELECT holder FROM document_hold WHERE document_id = :id AND active
                        UNION ALL
                        SELECT 'death:' || user_id FROM deceased_user WHERE user_id = :user AND deceased
                        ORDER BY holder LIMIT 1""")
                .bind("id", documentId)
                .bind("user", userId)
                .mapTo(String.class)
                .findOne();
    }
}
