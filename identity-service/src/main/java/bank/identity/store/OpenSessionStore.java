package bank.identity.store;

import bank.identity.model.OpenSession;
import bank.identity.model.Origin;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Sessions that have not ended, as their users see them.
public final class OpenSessionStore {
    /// Open sessions of a user, newest first.
    ///
    /// @param usedAfter sessions last used before this have ended
    /// @param createdAfter sessions opened before this have ended
    /// @param after only those that come later in the list
    public List<OpenSession> list(
            Session session,
            long userId,
            Instant usedAfter,
            Instant createdAfter,
            OpenSession.Place after,
            int rowsMax) {
        return session.sql()
                .createQuery("""
                        SELECT s.id, s.client_id, c.name, s.address, s.agent, s.created_at, s.last_used_at
                        FROM session s JOIN oauth_client c ON c.id = s.client_id
                        WHERE s.user_id = :user AND s.ended_at IS NULL
                          AND s.last_used_at > :used AND s.created_at > :created
                          AND (s.created_at, s.id) < (:afterTime, :afterId)
                        ORDER BY s.created_at DESC, s.id DESC LIMIT :rows""")
                .bind("user", userId)
                .bind("used", Times.utc(usedAfter))
                .bind("created", Times.utc(createdAfter))
                .bind("afterTime", Times.utc(after.createdAt()))
                .bind("afterId", after.id())
                .bind("rows", rowsMax)
                .map((row, context) -> new OpenSession(
                        row.getObject("id", UUID.class),
                        row.getString("client_id"),
                        row.getString("name"),
                        new Origin(row.getString("address"), row.getString("agent")),
                        Times.read(row, "created_at"),
                        Times.read(row, "last_used_at")))
                .list();
    }

    /// Ends every session of a user but one, and every sign-in that has not come to one yet.
    ///
    /// @return how many
    public int endOthers(Tx tx, long userId, UUID kept, Instant now) {
        SignInEpochs.next(tx, userId);
        return tx.sql()
                .createUpdate("""
                        UPDATE session SET ended_at = :now
                        WHERE id = ANY (ARRAY(SELECT id FROM session
                                              WHERE user_id = :user AND ended_at IS NULL AND id <> :kept
                                              ORDER BY id FOR NO KEY UPDATE))""")
                .bind("user", userId)
                .bind("kept", kept)
                .bind("now", Times.utc(now))
                .execute();
    }
}
