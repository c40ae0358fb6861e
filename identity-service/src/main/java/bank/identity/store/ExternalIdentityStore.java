package bank.identity.store;

import bank.identity.model.ExternalIdentity;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Accounts of users at other issuers.
public final class ExternalIdentityStore {
    private static final String COLUMNS = "id, user_id, issuer, subject, provisioned, email, created_at";

    /// The account of that issuer and subject.
    public Optional<ExternalIdentity> find(Session session, String issuer, String subject) {
        return session.sql()
                .createQuery(
                        "SELECT " + COLUMNS + " FROM external_identity WHERE issuer = :issuer AND subject = :subject")
                .bind("issuer", issuer)
                .bind("subject", subject)
                .map((row, context) -> identity(row))
                .findOne();
    }

    /// The account of that number.
    public Optional<ExternalIdentity> find(Session session, long id) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + " FROM external_identity WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> identity(row))
                .findOne();
    }

    /// Lets one transaction at a time decide what becomes of an account that is not known yet.
    public void lock(Tx tx, String issuer, String subject) {
        tx.sql()
                .createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:issuer || ' ' || :subject, 9))")
                .bind("issuer", issuer)
                .bind("subject", subject)
                .map((row, context) -> issuer)
                .one();
    }

    /// Stores an account of a user.
    ///
    /// @throws bank.platform.db.ConstraintViolatedException `external_identity_key` when it is somebody's already;
    ///     `external_identity_user` when there is no such user
    public ExternalIdentity insert(
            Tx tx, long userId, String issuer, String subject, boolean provisioned, String email, Instant now) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO external_identity (user_id, issuer, subject, provisioned, email, created_at)
                        VALUES (:user, :issuer, :subject, :provisioned, :email, :now)
                        RETURNING\s""" + COLUMNS)
                .bind("user", userId)
                .bind("issuer", issuer)
                .bind("subject", subject)
                .bind("provisioned", provisioned)
                .bind("email", email)
                .bind("now", Times.utc(now))
                .map((row, context) -> identity(row))
                .one();
    }

    /// Notes that the user of an account gets the role a token gives him, unless one issued later has given him one.
    /// Nobody else follows the account before the transaction ends.
    ///
    /// @param issuedAt when the token was issued; null when it does not tell, and is older than all that do
    /// @return whether none was issued later
    public boolean follow(Tx tx, long id, @Nullable Instant issuedAt) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE external_identity SET followed_at = :issued
                                WHERE id = :id AND (followed_at IS NULL OR followed_at <= :issued)""")
                        .bind("id", id)
                        .bindByType("issued", issuedAt == null ? null : Times.utc(issuedAt), OffsetDateTime.class)
                        .execute()
                == 1;
    }

    /// Forgets an account.
    ///
    /// @return it, when it was there
    public Optional<ExternalIdentity> delete(Tx tx, long id) {
        return tx.sql()
                .createQuery("DELETE FROM external_identity WHERE id = :id RETURNING " + COLUMNS)
                .bind("id", id)
                .map((row, context) -> identity(row))
                .findOne();
    }

    /// Accounts of a user, newest first.
    ///
    /// @param before those with a lower number only
    public List<ExternalIdentity> list(Session session, long userId, long before, int limit) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + """
                         FROM external_identity WHERE user_id = :user AND id < :before
                        ORDER BY id DESC LIMIT :limit""")
                .bind("user", userId)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> identity(row))
                .list();
    }

    private static ExternalIdentity identity(ResultSet row) throws SQLException {
        return new ExternalIdentity(
                row.getLong("id"),
                row.getLong("user_id"),
                row.getString("issuer"),
                row.getString("subject"),
                row.getBoolean("provisioned"),
                row.getString("email"),
                Times.read(row, "created_at"));
    }
}
