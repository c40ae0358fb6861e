package bank.registry.store;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// Who was verified as whom.
public final class VerifiedPersonStore {
    /// Enters that a user was verified by an identifier, in place of another of the registry. False when it verified
    /// another user.
    public boolean enter(Tx tx, long userId, Identifier identifier, Instant now) {
        tx.sql()
                .createUpdate("DELETE FROM verified_person WHERE user_id = :user AND type = :type AND value <> :value")
                .bind("user", userId)
                .bind("type", identifier.type().name())
                .bind("value", identifier.value())
                .execute();
        tx.sql()
                .createUpdate("""
                        INSERT INTO verified_person (user_id, type, value, verified_at)
                        VALUES (:user, :type, :value, :now) ON CONFLICT DO NOTHING""")
                .bind("user", userId)
                .bind("type", identifier.type().name())
                .bind("value", identifier.value())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
        return tx.sql()
                .createQuery("SELECT user_id FROM verified_person WHERE type = :type AND value = :value")
                .bind("type", identifier.type().name())
                .bind("value", identifier.value())
                .mapTo(Long.class)
                .findOne()
                .filter(holder -> holder == userId)
                .isPresent();
    }

    /// The identifier that verified a user at a registry.
    public Optional<Identifier> find(Session session, long userId, IdentifierType type) {
        return session.sql()
                .createQuery("SELECT value FROM verified_person WHERE user_id = :user AND type = :type")
                .bind("user", userId)
                .bind("type", type.name())
                .mapTo(String.class)
                .findOne()
                .map(value -> new Identifier(type, value));
    }

    /// Identifiers that verified somebody at a registry, lowest first.
    ///
    /// @param after only those higher
    public List<Identifier> list(Session session, IdentifierType type, String after, int rowsMax) {
        return session
                .sql()
                .createQuery("""
                        SELECT value FROM verified_person
                        WHERE type = :type AND value > :after ORDER BY value LIMIT :rows""")
                .bind("type", type.name())
                .bind("after", after)
                .bind("rows", rowsMax)
                .mapTo(String.class)
                .list()
                .stream()
                .map(value -> new Identifier(type, value))
                .toList();
    }
}
