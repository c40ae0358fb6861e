package bank.identity.store;

import bank.identity.model.Role;
import bank.platform.db.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sessions whose tokens hold: not ended, of a user who may sign in, in a client that was not deleted.
public final class LiveSessionStore {
    /// A session that lives.
    ///
    /// @param foreign it stands for a session at another issuer
    /// @param foreignRole which that issuer gave its user at the last exchange; null when it is none, or that
    ///     is unknown
    /// @param secret secret of its refresh tokens, encrypted
    /// @param generation generation of its newest refresh token
    /// @param rotatedAt when that was made
    @SuppressWarnings("ArrayRecordComponent")
    public record Live(
            UUID id,
            long userId,
            Role role,
            String clientId,
            boolean foreign,
            @Nullable Role foreignRole,
            byte[] secret,
            long generation,
            Instant rotatedAt,
            Instant createdAt,
            Instant lastUsedAt) {
        @Override
        public String toString() {
            return "Live[" + id + "]";
        }
    }

    /// The session of that id, if it lives.
    ///
    /// @param usedAfter sessions last used before this have ended
    /// @param createdAfter sessions opened before this have ended
    public Optional<Live> find(Session session, UUID id, Instant usedAfter, Instant createdAfter) {
        return session.sql()
                .createQuery("""
                        SELECT s.id, s.user_id, u.role, s.client_id, s.foreign_session IS NOT NULL AS foreign_one,
                               s.foreign_role, s.secret, s.generation, s.rotated_at, s.created_at, s.last_used_at
                        FROM session s JOIN bank_user u ON u.id = s.user_id JOIN oauth_client c ON c.id = s.client_id
                        WHERE s.id = :id AND s.ended_at IS NULL AND s.last_used_at > :used AND s.created_at > :created
                          AND u.status = 'ACTIVE' AND c.deleted_at IS NULL""")
                .bind("id", id)
                .bind("used", Times.utc(usedAfter))
                .bind("created", Times.utc(createdAfter))
                .map((row, context) -> live(row))
                .findOne();
    }

    private static Live live(ResultSet row) throws SQLException {
        var foreignRole = row.getString("foreign_role");
        return new Live(
                row.getObject("id", UUID.class),
                row.getLong("user_id"),
                Role.valueOf(row.getString("role")),
                row.getString("client_id"),
                row.getBoolean("foreign_one"),
                foreignRole == null ? null : Role.valueOf(foreignRole),
                row.getBytes("secret"),
                row.getLong("generation"),
                Times.read(row, "rotated_at"),
                Times.read(row, "created_at"),
                Times.read(row, "last_used_at"));
    }
}
