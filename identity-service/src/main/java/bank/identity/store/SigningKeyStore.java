package bank.identity.store;

import bank.identity.model.SigningKeyState;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keys that sign access tokens.
public final class SigningKeyStore {
    /// A key as it is stored.
    ///
    /// @param kid its name
    /// @param publicJwk public half, a JWK (RFC 7517)
    /// @param privateJwk whole key, encrypted; empty once it no longer signs
    @SuppressWarnings("ArrayRecordComponent")
    public record Stored(String kid, SigningKeyState state, String publicJwk, byte[] privateJwk) {
        @Override
        public String toString() {
            return "Stored[" + kid + ", " + state + "]";
        }
    }

    /// The times of a key.
    ///
    /// @param createdAt when it was made, and published from then on
    /// @param activatedAt when it began to sign; null when it did not
    /// @param retiredAt when it stopped to sign or to count; null when it did not
    public record Life(
            String kid,
            SigningKeyState state,
            Instant createdAt,
            @Nullable Instant activatedAt,
            @Nullable Instant retiredAt) {}

    /// The newest keys, the newest first.
    public List<Life> lives(Session session) {
        return session.sql()
                .createQuery("""
                        SELECT kid, state, created_at, activated_at, retired_at FROM signing_key
                        ORDER BY created_at DESC, kid LIMIT 100""")
                .map((row, context) -> new Life(
                        row.getString("kid"),
                        SigningKeyState.valueOf(row.getString("state")),
                        Times.read(row, "created_at"),
                        Times.readOptional(row, "activated_at"),
                        Times.readOptional(row, "retired_at")))
                .list();
    }

    /// The key that signs, if there is one.
    public Optional<Stored> active(Session session) {
        return session.sql()
                .createQuery("SELECT kid, state, public_jwk, private_jwk FROM signing_key WHERE state = 'ACTIVE'")
                .map((row, context) -> stored(row))
                .findOne();
    }

    /// Stops the key that signs; its private half is forgotten.
    public void retireActive(Tx tx, Instant now) {
        tx.sql().createUpdate("""
                        UPDATE signing_key SET state = 'RETIRED', retired_at = :now, private_jwk = ''
                        WHERE state = 'ACTIVE'""").bind("now", Times.utc(now)).execute();
    }

    /// Lets the key that waits for its turn sign.
    public void activateNext(Tx tx, Instant now) {
        tx.sql()
                .createUpdate("UPDATE signing_key SET state = 'ACTIVE', activated_at = :now WHERE state = 'NEXT'")
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Stops every key from counting.
    ///
    /// @return those it did not stop before
    public List<String> withdrawAll(Tx tx, Instant now) {
        return tx.sql()
                .createQuery("""
                        UPDATE signing_key
                        SET state = 'WITHDRAWN', retired_at = coalesce(retired_at, :now), private_jwk = ''
                        WHERE state <> 'WITHDRAWN' RETURNING kid""")
                .bind("now", Times.utc(now))
                .mapTo(String.class)
                .list();
    }

    /// Keys to publish: those that will sign, do, or did and were retired after `retiredAfter`.
    public List<Stored> published(Session session, Instant retiredAfter) {
        return session.sql()
                .createQuery("""
                        SELECT kid, state, public_jwk, private_jwk FROM signing_key
                        WHERE state IN ('NEXT', 'ACTIVE') OR (state = 'RETIRED' AND retired_at > :after)
                        ORDER BY created_at DESC LIMIT 100""")
                .bind("after", Times.utc(retiredAfter))
                .map((row, context) -> stored(row))
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
                        INSERT INTO signing_key (kid, state, public_jwk, private_jwk, created_at, activated_at)
                        VALUES (:kid, :state, :public, :private, :now, CASE WHEN :state = 'ACTIVE' THEN :now END)""")
                .bind("kid", key.kid())
                .bind("state", key.state().name())
                .bind("public", key.publicJwk())
                .bind("private", key.privateJwk())
                .bind("now", Times.utc(now))
                .execute();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getString("kid"),
                SigningKeyState.valueOf(row.getString("state")),
                row.getString("public_jwk"),
                row.getBytes("private_jwk"));
    }
}
