package bank.identity.store;

import bank.identity.model.Identifier;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Instant;
import java.util.Optional;

/// How registries know users.
public final class IdentifierStore {
    // Tells these locks from others on numbers of 64 bits.
    private static final String LOCK = "identifier ";

    /// Stores an identifier, not yet verified, in place of the user's other one of the type.
    public void put(Tx tx, long userId, Identifier identifier, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO identifier (user_id, type, value, created_at)
                        VALUES (:user, :type, :value, :now)
                        ON CONFLICT (user_id, type) DO UPDATE
                        SET value = excluded.value, verified = false, created_at = excluded.created_at""")
                .bind("user", userId)
                .bind("type", identifier.type().name())
                .bind("value", identifier.value())
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Has nobody else verify a user by the identifier, or note a death of its person, before the transaction ends.
    /// Comes before locks on users.
    public void lock(Tx tx, Identifier identifier) {
        tx.sql()
                .execute(
                        "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
                        LOCK + identifier.type() + ' ' + identifier.value());
    }

    /// The user whom the identifier verified.
    public Optional<Long> verifiedUser(Session session, Identifier identifier) {
        return session.sql()
                .createQuery("SELECT user_id FROM identifier WHERE type = :type AND value = :value AND verified")
                .bind("type", identifier.type().name())
                .bind("value", identifier.value())
                .mapTo(Long.class)
                .findOne();
    }

    /// Marks the identifier as one that verified its user.
    ///
    /// @throws bank.platform.db.ConstraintViolatedException `identifier_verified_key` when it verified another
    public void verify(Tx tx, long userId, Identifier identifier) {
        tx.sql()
                .createUpdate("""
                        UPDATE identifier SET verified = true
                        WHERE user_id = :user AND type = :type AND value = :value""")
                .bind("user", userId)
                .bind("type", identifier.type().name())
                .bind("value", identifier.value())
                .execute();
    }
}
