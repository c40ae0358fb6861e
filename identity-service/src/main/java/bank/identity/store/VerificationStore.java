package bank.identity.store;

import bank.identity.model.Identifier;
import bank.identity.model.IdentifierType;
import bank.identity.model.ParkedPlace;
import bank.identity.model.Verification;
import bank.identity.model.VerificationReason;
import bank.identity.model.VerificationStatus;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Verifications of users, one for each who gave an identifier.
public final class VerificationStore {
    private static final String SELECT = """
            SELECT v.user_id, i.type, i.value, v.request_id, v.requests, v.status, v.reason, v.requested_at,
                   v.completed_at, v.attempts, v.parked_at
            FROM verification v JOIN identifier i ON i.user_id = v.user_id AND i.type = v.identifier_type
            """;

    /// The verification of a user.
    public Optional<Verification> find(Session session, long userId) {
        return session.sql()
                .createQuery(SELECT + "WHERE v.user_id = :user")
                .bind("user", userId)
                .map((row, context) -> verification(row))
                .findOne();
    }

    /// Stores a request, in place of an earlier one.
    public void request(Tx tx, long userId, UUID id, IdentifierType type, VerificationStatus status, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO verification AS v
                            (user_id, request_id, requests, identifier_type, status, requested_at)
                        VALUES (:user, :id, 1, :type, :status, :now)
                        ON CONFLICT (user_id) DO UPDATE
                        SET request_id = excluded.request_id, requests = v.requests + 1,
                            identifier_type = excluded.identifier_type, status = excluded.status, reason = NULL,
                            requested_at = excluded.requested_at, completed_at = NULL, attempts = 0,
                            parked_at = NULL""")
                .bind("user", userId)
                .bind("id", id)
                .bind("type", type.name())
                .bind("status", status.name())
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Counts a request by the user himself, unless he made too many.
    ///
    /// @param most as many in a period
    /// @param since the running period began after this, or a new one begins
    /// @return when the running period began, if it has too many; empty when it was counted
    public Optional<Instant> countOwn(Tx tx, long userId, int most, Instant since, Instant now) {
        var counted = tx.sql()
                        .createUpdate("""
                                UPDATE verification
                                SET own_requests = CASE WHEN own_since > :since THEN own_requests + 1 ELSE 1 END,
                                    own_since = CASE WHEN own_since > :since THEN own_since ELSE :now END
                                WHERE user_id = :user
                                  AND (own_since IS NULL OR own_since <= :since OR own_requests < :most)""")
                        .bind("user", userId)
                        .bind("most", most)
                        .bind("since", Times.utc(since))
                        .bind("now", Times.utc(now))
                        .execute()
                == 1;
        return counted
                ? Optional.empty()
                : tx.sql()
                        .createQuery("SELECT own_since FROM verification WHERE user_id = :user")
                        .bind("user", userId)
                        .map((row, context) -> Times.read(row, "own_since"))
                        .findOne();
    }

    /// Notes that the registry is tried again, or waits among the dead letters.
    public void delay(
            Tx tx, long userId, @Nullable VerificationReason reason, int attempts, @Nullable Instant parkedAt) {
        tx.sql()
                .createUpdate("""
                        UPDATE verification
                        SET status = 'PENDING', reason = :reason, attempts = :attempts, parked_at = :parked
                        WHERE user_id = :user""")
                .bind("user", userId)
                .bind("reason", reason == null ? null : reason.name())
                .bind("attempts", attempts)
                .bind("parked", parkedAt == null ? null : Times.utc(parkedAt))
                .execute();
    }

    /// Notes the last word on a request.
    public void complete(
            Tx tx,
            long userId,
            VerificationStatus status,
            @Nullable VerificationReason reason,
            int attempts,
            Instant now) {
        tx.sql()
                .createUpdate("""
                        UPDATE verification
                        SET status = :status, reason = :reason, attempts = :attempts, completed_at = :now,
                            parked_at = NULL
                        WHERE user_id = :user""")
                .bind("user", userId)
                .bind("status", status.name())
                .bind("reason", reason == null ? null : reason.name())
                .bind("attempts", attempts)
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Those among the dead letters, the longest parked first.
    public List<Verification> parked(Session session, ParkedPlace after, int rowsMax) {
        return session.sql()
                .createQuery(SELECT + """
                        WHERE v.parked_at IS NOT NULL AND (v.parked_at, v.user_id) > (:parked, :user)
                        ORDER BY v.parked_at, v.user_id LIMIT :rows""")
                .bind("parked", Times.utc(after.parkedAt()))
                .bind("user", after.userId())
                .bind("rows", rowsMax)
                .map((row, context) -> verification(row))
                .list();
    }

    private static Verification verification(ResultSet row) throws SQLException {
        var reason = row.getString("reason");
        return new Verification(
                row.getLong("user_id"),
                new Identifier(IdentifierType.valueOf(row.getString("type")), row.getString("value")),
                row.getObject("request_id", UUID.class),
                row.getLong("requests"),
                VerificationStatus.valueOf(row.getString("status")),
                reason == null ? null : VerificationReason.valueOf(reason),
                Times.read(row, "requested_at"),
                Times.readOptional(row, "completed_at"),
                row.getInt("attempts"),
                Times.readOptional(row, "parked_at"));
    }
}
