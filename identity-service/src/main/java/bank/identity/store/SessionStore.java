package bank.identity.store;

import bank.identity.model.Origin;
import bank.identity.model.ProvedUser;
import bank.identity.model.Role;
import bank.identity.model.UserStatus;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sessions: sign-ins and the families of their refresh tokens.
public final class SessionStore {
    /// A session with what judging a refresh token needs.
    ///
    /// @param scopes what the user lets the client do; null for a client of the bank itself
    /// @param secret secret of its refresh tokens, encrypted
    /// @param generation generation of its newest refresh token
    /// @param rotatedAt when that was made
    /// @param key thumbprint of the key its refresh tokens are bound to; null for none
    /// @param open it has not been ended
    @SuppressWarnings("ArrayRecordComponent")
    public record Stored(
            UUID id,
            long userId,
            Role role,
            UserStatus status,
            String clientId,
            @Nullable Set<String> scopes,
            byte[] secret,
            long generation,
            Instant rotatedAt,
            @Nullable String key,
            boolean open) {
        @Override
        public String toString() {
            return "Stored[" + id + "]";
        }
    }

    /// When a refresh token may be exchanged.
    ///
    /// @param now time of the exchange
    /// @param usedAfter sessions last used before this have ended
    /// @param createdAfter sessions opened before this have ended
    /// @param replacedAfter a token replaced after this may be exchanged again
    public record Window(Instant now, Instant usedAfter, Instant createdAfter, Instant replacedAfter) {}

    /// Opens a session at generation 1, unless the user may no longer sign in, all his sessions were ended since he
    /// proved who he is, or the client was deleted.
    ///
    /// @param scopes what the user lets the client do; null for a client of the bank itself
    /// @param key thumbprint of the key its refresh tokens are bound to; null for none
    /// @return the user's role; empty when it was not opened
    public Optional<Role> insert(
            Tx tx,
            UUID id,
            ProvedUser user,
            String clientId,
            @Nullable Set<String> scopes,
            byte[] secret,
            @Nullable String key,
            Origin origin,
            Instant now) {
        return tx.sql()
                .createQuery("""
                        WITH allowed AS (
                            SELECT u.id AS user_id, u.role, c.id AS client_id FROM bank_user u, oauth_client c
                            WHERE u.id = :user AND u.status = 'ACTIVE' AND u.sign_in_hold = ''
                              AND u.sign_in_epoch = :epoch
                              AND c.id = :client AND c.deleted_at IS NULL FOR SHARE),
                        opened AS (
                            INSERT INTO session (id, user_id, client_id, scopes, secret, generation, rotated_at,
                                                 created_at, last_used_at, address, agent, jkt)
                            SELECT :id, user_id, client_id, :scopes, :secret, 1, :now, :now, :now, :address, :agent,
                                   :jkt
                            FROM allowed)
                        SELECT role FROM allowed""")
                .bind("id", id)
                .bind("user", user.id())
                .bind("epoch", user.epoch())
                .bind("client", clientId)
                .bindByType("scopes", Texts.array(scopes), String[].class)
                .bind("secret", secret)
                .bind("now", Times.utc(now))
                .bind("address", origin.address())
                .bind("agent", origin.agent())
                .bind("jkt", key)
                .map((row, context) -> Role.valueOf(row.getString("role")))
                .findOne();
    }

    /// The session of that id.
    public Optional<Stored> find(Session session, UUID id) {
        return session.sql()
                .createQuery("""
                        SELECT s.id, s.user_id, u.role, u.status, s.client_id, s.scopes, s.secret, s.generation,
                               s.rotated_at, s.jkt, s.ended_at IS NULL AS open
                        FROM session s JOIN bank_user u ON u.id = s.user_id
                        WHERE s.id = :id""")
                .bind("id", id)
                .map((row, context) -> stored(row))
                .findOne();
    }

    /// Replaces the session's newest refresh token by its successor, or finds it replaced by that very
    /// successor a moment ago. One statement decides: of concurrent exchanges all get the same
    /// successor, and none wins over the end of the session.
    ///
    /// @param presented generation of the token presented
    /// @return whether the successor, generation `presented + 1`, is the newest token now
    public boolean rotate(Tx tx, UUID id, String clientId, long presented, Window window) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE session s
                                SET generation = :presented + 1, last_used_at = :now,
                                    rotated_at = CASE WHEN s.generation = :presented THEN :now ELSE s.rotated_at END
                                FROM bank_user u
                                WHERE s.id = :id AND s.client_id = :client AND s.ended_at IS NULL
                                  AND s.last_used_at > :used AND s.created_at > :created
                                  AND u.id = s.user_id AND u.status = 'ACTIVE'
                                  AND (s.generation = :presented
                                       OR s.generation = :presented + 1 AND s.rotated_at > :replaced)""")
                        .bind("id", id)
                        .bind("client", clientId)
                        .bind("presented", presented)
                        .bind("now", Times.utc(window.now()))
                        .bind("used", Times.utc(window.usedAfter()))
                        .bind("created", Times.utc(window.createdAfter()))
                        .bind("replaced", Times.utc(window.replacedAfter()))
                        .execute()
                == 1;
    }

    /// Ends a session whose token of that generation has been replaced before.
    ///
    /// @return whether it was open and the token not its newest
    public boolean endReused(Tx tx, UUID id, long presented, Instant now) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE session SET ended_at = :now
                                WHERE id = :id AND ended_at IS NULL AND generation > :presented""")
                        .bind("id", id)
                        .bind("presented", presented)
                        .bind("now", Times.utc(now))
                        .execute()
                == 1;
    }

    /// Ends a session of a user.
    ///
    /// @return whether it was open and his
    public boolean end(Tx tx, UUID id, long userId, Instant now) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE session SET ended_at = :now
                                WHERE id = :id AND user_id = :user AND ended_at IS NULL""")
                        .bind("id", id)
                        .bind("user", userId)
                        .bind("now", Times.utc(now))
                        .execute()
                == 1;
    }

    /// Ends every session of a user, and every sign-in that has not come to one yet.
    public void endAll(Tx tx, long userId, Instant now) {
        SignInEpochs.next(tx, userId);
        tx.sql()
                .createUpdate("UPDATE session SET ended_at = :now WHERE user_id = :user AND ended_at IS NULL")
                .bind("user", userId)
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Ends every session a user opened here, and every sign-in that has not come to one yet; not those that stand for
    /// sessions at other issuers.
    public void endOwn(Tx tx, long userId, Instant now) {
        SignInEpochs.next(tx, userId);
        tx.sql()
                .createUpdate("""
                        UPDATE session SET ended_at = :now
                        WHERE user_id = :user AND ended_at IS NULL AND foreign_session IS NULL""")
                .bind("user", userId)
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Ends every session of users in a client.
    ///
    /// @return how many
    public int endOfClient(Tx tx, String clientId, Instant now) {
        return tx.sql()
                .createUpdate("UPDATE session SET ended_at = :now WHERE client_id = :client AND ended_at IS NULL")
                .bind("client", clientId)
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Deletes sessions opened before a time, some thousands of them at most; of those that stand for others
    /// only what nobody has asked for since.
    ///
    /// @return how many
    public int delete(Tx tx, Instant openedBefore) {
        return tx.sql()
                .createUpdate("""
                        DELETE FROM session WHERE id IN (
                            SELECT id FROM session
                            WHERE created_at < :before AND (foreign_session IS NULL OR last_used_at < :before)
                            ORDER BY created_at LIMIT 5000)""")
                .bind("before", Times.utc(openedBefore))
                .execute();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getObject("id", UUID.class),
                row.getLong("user_id"),
                Role.valueOf(row.getString("role")),
                UserStatus.valueOf(row.getString("status")),
                row.getString("client_id"),
                Texts.readOptional(row, "scopes"),
                row.getBytes("secret"),
                row.getLong("generation"),
                Times.read(row, "rotated_at"),
                row.getString("jkt"),
                row.getBoolean("open"));
    }
}
