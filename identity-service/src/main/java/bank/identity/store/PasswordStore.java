package bank.identity.store;

import bank.identity.model.EmailAddress;
import bank.identity.model.ProvedUser;
import bank.identity.model.UserStatus;
import bank.identity.password.PasswordHash;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Password hashes of users.
public final class PasswordStore {
    /// What signing in needs to know of a user.
    ///
    /// @param user who he is, once his password is found right
    /// @param status whether he may sign in: blocked, too, while his sign-ins are held up
    /// @param hash hash of his password
    public record Credentials(ProvedUser user, UserStatus status, PasswordHash hash) {
        /// Number of the user.
        public long userId() {
            return user.id();
        }

        /// The same with a hash made anew.
        public Credentials withHash(PasswordHash fresh) {
            return new Credentials(user, status, fresh);
        }
    }

    /// What is known of an e-mail.
    ///
    /// @param credentials of its user, if there is one
    /// @param other hash of somebody else's password
    public record Drawn(Optional<Credentials> credentials, PasswordHash other) {}

    /// What changing his password needs to know of a user.
    ///
    /// @param hash hash of his password
    public record Owned(EmailAddress email, UserStatus status, PasswordHash hash) {}

    /// Credentials of the user with that e-mail, and the hash of another, whom a lot chooses: the same one for years,
    /// for the numbers it chooses among double before it chooses anew.
    ///
    /// @param lot whatever the e-mail is, 0 or more
    /// @return empty when nobody has a password
    public Optional<Drawn> find(Session session, EmailAddress email, long lot) {
        return session.sql()
                .createQuery("""
                        SELECT u.id, u.sign_in_epoch, u.status, u.hash, other.hash AS other_hash
                        FROM (SELECT hash FROM user_password
                              WHERE user_id >= (SELECT :lot & (CAST(2 ^ floor(log(2, max(user_id))) AS bigint) - 1)
                                                FROM user_password)
                              ORDER BY user_id LIMIT 1) other
                        LEFT JOIN (SELECT b.id, b.sign_in_epoch, p.hash,
                                          CASE WHEN b.status = 'ACTIVE' AND b.sign_in_hold <> '' THEN 'BLOCKED'
                                               ELSE b.status END AS status
                                   FROM bank_user b JOIN user_password p ON p.user_id = b.id
                                   WHERE b.email = :email) u ON true""")
                .bind("email", email.value())
                .bind("lot", lot)
                .map((row, context) -> new Drawn(
                        Optional.ofNullable(credentials(row)), PasswordHash.parse(row.getString("other_hash"))))
                .findOne();
    }

    private static @Nullable Credentials credentials(ResultSet row) throws SQLException {
        var hash = row.getString("hash");
        return hash == null
                ? null
                : new Credentials(
                        new ProvedUser(row.getLong("id"), row.getLong("sign_in_epoch")),
                        UserStatus.valueOf(row.getString("status")),
                        PasswordHash.parse(hash));
    }

    /// Credentials of the user of that number.
    public Optional<Owned> find(Session session, long userId) {
        return session.sql()
                .createQuery("""
                        SELECT u.email, u.status, p.hash
                        FROM bank_user u JOIN user_password p ON p.user_id = u.id
                        WHERE u.id = :user""")
                .bind("user", userId)
                .map((row, context) -> new Owned(
                        new EmailAddress(row.getString("email")),
                        UserStatus.valueOf(row.getString("status")),
                        PasswordHash.parse(row.getString("hash"))))
                .findOne();
    }

    /// Replaces a user's password by another, unless it changed meanwhile.
    ///
    /// @return whether it had not changed
    public boolean replace(Tx tx, long userId, PasswordHash before, PasswordHash after, Instant now) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE user_password SET hash = :after, changed_at = :now
                                WHERE user_id = :user AND hash = :before""")
                        .bind("user", userId)
                        .bind("before", before.encoded())
                        .bind("after", after.encoded())
                        .bind("now", Times.utc(now))
                        .execute()
                == 1;
    }

    /// Sets a user's password.
    public void set(Tx tx, long userId, PasswordHash hash, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO user_password (user_id, hash, changed_at) VALUES (:user, :hash, :now)
                        ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at""")
                .bind("user", userId)
                .bind("hash", hash.encoded())
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Replaces a hash by another of the same password, unless the password changed meanwhile.
    public void rehash(Tx tx, long userId, PasswordHash before, PasswordHash after) {
        tx.sql()
                .createUpdate("UPDATE user_password SET hash = :after WHERE user_id = :user AND hash = :before")
                .bind("user", userId)
                .bind("before", before.encoded())
                .bind("after", after.encoded())
                .execute();
    }
}
