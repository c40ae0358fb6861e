package bank.identity.store;

import bank.identity.model.AuthorizationCode;
import bank.identity.model.Origin;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Codes the sign-in page gives.
public final class CodeStore {
    /// A code with what exchanging it needs.
    ///
    /// @param session session that was made of it; null before that
    public record Stored(AuthorizationCode code, @Nullable UUID session) {}

    /// Stores a code, unless it is there already, the user may no longer sign in, or all his sessions were ended since
    /// he proved who he is.
    ///
    /// @param digest SHA-256 of it
    /// @return whether it is new
    public boolean insert(Tx tx, byte[] digest, AuthorizationCode code) {
        return tx.sql()
                        .createUpdate("""
                                INSERT INTO authorization_code
                                    (digest, client_id, user_id, redirect_uri, challenge, scopes, nonce, signed_in_at,
                                     address, agent, created_at, sign_in_epoch)
                                SELECT :digest, :client, u.id, :uri, :challenge, :scopes, :nonce, :signed, :address,
                                       :agent, :created, u.sign_in_epoch
                                FROM bank_user u
                                WHERE u.id = :user AND u.status = 'ACTIVE' AND u.sign_in_hold = ''
                                  AND u.sign_in_epoch = :epoch FOR SHARE
                                ON CONFLICT (digest) DO NOTHING""")
                        .bind("digest", digest)
                        .bind("client", code.clientId())
                        .bind("user", code.userId())
                        .bind("epoch", code.epoch())
                        .bind("uri", code.redirectUri())
                        .bind("challenge", code.challenge())
                        .bindArray("scopes", String.class, code.scopes())
                        .bind("nonce", code.nonce())
                        .bind("signed", Times.utc(code.signedInAt()))
                        .bind("address", code.origin().address())
                        .bind("agent", code.origin().agent())
                        .bind("created", Times.utc(code.createdAt()))
                        .execute()
                == 1;
    }

    /// The code of that digest.
    public Optional<Stored> find(Session session, byte[] digest) {
        return session.sql()
                .createQuery("""
                        SELECT client_id, user_id, sign_in_epoch, redirect_uri, challenge, scopes, nonce, signed_in_at,
                               address, agent, created_at, session_id
                        FROM authorization_code WHERE digest = :digest""")
                .bind("digest", digest)
                .map((row, context) -> stored(row))
                .findOne();
    }

    /// Spends a code. One statement decides: of exchanges at the same time one has it.
    ///
    /// @param sessionId session that is made of it
    /// @param createdAfter codes given before this have ended
    /// @return whether it was good until now
    public boolean spend(Tx tx, byte[] digest, UUID sessionId, Instant createdAfter, Instant now) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE authorization_code SET spent_at = :now, session_id = :session
                                WHERE digest = :digest AND spent_at IS NULL AND created_at > :after""")
                        .bind("digest", digest)
                        .bind("session", sessionId)
                        .bind("after", Times.utc(createdAfter))
                        .bind("now", Times.utc(now))
                        .execute()
                == 1;
    }

    /// Deletes codes given before a time, some thousands of them at most.
    ///
    /// @return how many
    public int delete(Tx tx, Instant createdBefore) {
        return tx.sql()
                .createUpdate("""
                        DELETE FROM authorization_code WHERE digest IN (
                            SELECT digest FROM authorization_code WHERE created_at < :before
                            ORDER BY created_at LIMIT 5000)""")
                .bind("before", Times.utc(createdBefore))
                .execute();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        var code = new AuthorizationCode(
                row.getString("client_id"),
                row.getLong("user_id"),
                row.getLong("sign_in_epoch"),
                row.getString("redirect_uri"),
                row.getString("challenge"),
                Set.of(Texts.read(row, "scopes")),
                row.getString("nonce"),
                Times.read(row, "signed_in_at"),
                new Origin(row.getString("address"), row.getString("agent")),
                Times.read(row, "created_at"));
        return new Stored(code, row.getObject("session_id", UUID.class));
    }
}
