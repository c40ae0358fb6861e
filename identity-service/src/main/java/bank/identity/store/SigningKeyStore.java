package bank.identity.store;

import bank.identity.model.SigningKeyState;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Instant;
import java.util.List;

/// Keys that sign access tokens.
public final class SigningKeyStore {
    /// A key as it is stored.
    ///
    /// @param kid its name
    /// @param publicJwk public half, a JWK (RFC 7517)
    /// @param privateJwk whole key, encrypted
    @SuppressWarnings("ArrayRecordComponent")
    public record Stored(String kid, SigningKeyState state, String publicJwk, byte[] privateJwk) {
        @Override
        public String toString() {
            return "Stored[" + kid + ", " + state + "]";
        }
    }

    /// Keys to publish: all but those retired before `retiredAfter`.
    public List<Stored> published(Session session, Instant retiredAfter) {
        return session.sql()
                .createQuery("""
                        SELECT kid, state, public_jwk, private_jwk FROM signing_key
                        WHERE state IN ('NEXT', 'ACTIVE') OR retired_at > :after
                        ORDER BY created_at DESC LIMIT 100""")
                .bind("after", Times.utc(retiredAfter))
                .map((row, context) -> new Stored(
                        row.getString("kid"),
                        SigningKeyState.valueOf(row.getString("state")),
                        row.getString("public_jwk"),
                        row.getBytes("private_jwk")))
                .list();
    }

    /// A key signs already.
    public boolean anyActive(Session session) {
        return session.sql()
                .createQuery("SELECT EXISTS (SELECT FROM signing_key WHERE state = 'ACTIVE')")
                .mapTo(Boolean.class)
                .one();
    }

    /// Stores a new key.
    public void insert(Tx tx, Stored key, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO signing_key (kid, state, public_jwk, private_jwk, created_at)
                        VALUES (:kid, :state, :public, :private, :now)""")
                .bind("kid", key.kid())
                .bind("state", key.state().name())
                .bind("public", key.publicJwk())
                .bind("private", key.privateJwk())
                .bind("now", Times.utc(now))
                .execute();
    }
}
