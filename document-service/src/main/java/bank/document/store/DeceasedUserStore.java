package bank.document.store;

import bank.platform.db.Tx;

/// Users who have died.
public final class DeceasedUserStore {
    /// Writes whether a user is dead, unless something newer was told of him before.
    ///
    /// @param version version of what was told
    public void put(Tx tx, long userId, long version, boolean deceased) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO deceased_user (user_id, version, deceased)
                        VALUES (:user, :version, :deceased)
                        ON CONFLICT (user_id) DO UPDATE
                        SET version = excluded.version, deceased = excluded.deceased
                        WHERE deceased_user.version < excluded.version""")
                .bind("user", userId)
                .bind("version", version)
                .bind("deceased", deceased)
                .execute();
    }
}
