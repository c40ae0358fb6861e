package bank.identity.store;

import bank.identity.model.Origin;
import bank.identity.model.Role;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Sessions that stand for sessions at other issuers. They have no refresh tokens: those of the other issuer are used.
public final class ForeignSessionStore {
    /// A session about to be opened.
    ///
    /// @param role which the other issuer gives its user
    /// @param secret sealed as it is stored
    /// @param foreign digest of what names the session it stands for
    @SuppressWarnings("ArrayRecordComponent")
    public record Opened(UUID id, long userId, Role role, String clientId, byte[] secret, byte[] foreign) {
        @Override
        public String toString() {
            return "Opened[" + id + "]";
        }
    }

    /// Lets one transaction at a time look for a session and open it.
    public void lock(Tx tx, byte[] foreign) {
        var lock = ByteBuffer.wrap(foreign).getLong();
        tx.sql()
                .createQuery("SELECT pg_advisory_xact_lock(:lock)")
                .bind("lock", lock)
                .map((row, context) -> lock)
                .one();
    }

    /// The session that stands for another, open or ended.
    ///
    /// @param foreign digest of what names the other one
    public Optional<UUID> find(Session session, byte[] foreign) {
        return session.sql()
                .createQuery("SELECT id FROM session WHERE foreign_session = :foreign")
                .bind("foreign", foreign)
                .map((row, context) -> row.getObject("id", UUID.class))
                .findOne();
    }

    /// Opens a session, unless the user may no longer sign in.
    ///
    /// @return whether it was opened
    public boolean insert(Tx tx, Opened session, Origin origin, Instant now) {
        return tx.sql()
                        .createUpdate("""
                                INSERT INTO session (id, user_id, client_id, secret, generation, rotated_at,
                                                     created_at, last_used_at, address, agent, foreign_session,
                                                     foreign_role)
                                SELECT :id, u.id, c.id, :secret, 1, :now, :now, :now, :address, :agent, :foreign,
                                       :role
                                FROM bank_user u, oauth_client c
                                WHERE u.id = :user AND u.status = 'ACTIVE' AND u.sign_in_hold = ''
                                  AND c.id = :client AND c.deleted_at IS NULL FOR SHARE""")
                        .bind("id", session.id())
                        .bind("user", session.userId())
                        .bind("client", session.clientId())
                        .bind("secret", session.secret())
                        .bind("foreign", session.foreign())
                        .bind("role", session.role().name())
                        .bind("now", Times.utc(now))
                        .bind("address", origin.address())
                        .bind("agent", origin.agent())
                        .execute()
                == 1;
    }

    /// Notes that an open session was used.
    ///
    /// @param role which the other issuer gives its user now
    /// @param createdAfter sessions opened before this have ended
    /// @return whether it is open
    public boolean use(Tx tx, UUID id, Role role, Origin origin, Instant now, Instant createdAfter) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE session
                                SET last_used_at = :now, address = :address, agent = :agent, foreign_role = :role
                                WHERE id = :id AND ended_at IS NULL AND created_at > :created""")
                        .bind("id", id)
                        .bind("role", role.name())
                        .bind("now", Times.utc(now))
                        .bind("created", Times.utc(createdAfter))
                        .bind("address", origin.address())
                        .bind("agent", origin.agent())
                        .execute()
                == 1;
    }

    /// Notes that a session was asked for that has ended: it is not forgotten while it is, and not opened
    /// anew.
    public void useEnded(Tx tx, UUID id, Instant now) {
        tx.sql()
                .createUpdate("UPDATE session SET last_used_at = :now WHERE id = :id")
                .bind("id", id)
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Ends those of a user.
    public void endAll(Tx tx, long userId, Instant now) {
        tx.sql()
                .createUpdate("""
                        UPDATE session SET ended_at = :now
                        WHERE user_id = :user AND ended_at IS NULL AND foreign_session IS NOT NULL""")
                .bind("user", userId)
                .bind("now", Times.utc(now))
                .execute();
    }
}
