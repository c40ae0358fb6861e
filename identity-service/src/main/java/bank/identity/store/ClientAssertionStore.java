package bank.identity.store;

import bank.platform.db.Tx;
import java.time.Instant;

/// Assertions that have counted.
public final class ClientAssertionStore {
    /// Notes an assertion. One statement decides: of several attempts with it one succeeds.
    ///
    /// @param jti SHA-256 of its id
    /// @param endsAt from when on it would be refused anyway
    /// @return whether it had not counted before
    public boolean spend(Tx tx, String clientId, byte[] jti, Instant endsAt, Instant now) {
        return tx.sql()
                        .createUpdate("""
                                INSERT INTO client_assertion (client_id, jti, ends_at) VALUES (:client, :jti, :ends)
                                ON CONFLICT (client_id, jti) DO UPDATE SET ends_at = excluded.ends_at
                                WHERE client_assertion.ends_at <= :now""")
                        .bind("client", clientId)
                        .bind("jti", jti)
                        .bind("ends", Times.utc(endsAt))
                        .bind("now", Times.utc(now))
                        .execute()
                == 1;
    }

    /// Deletes those that ended before a time, some thousands of them at most.
    ///
    /// @return how many
    public int delete(Tx tx, Instant endedBefore) {
        return tx.sql().createUpdate("""
                        DELETE FROM client_assertion WHERE ends_at < :before AND (client_id, jti) IN (
                            SELECT client_id, jti FROM client_assertion
                            WHERE ends_at < :before ORDER BY ends_at LIMIT 5000)""").bind("before", Times.utc(endedBefore)).execute();
    }
}
