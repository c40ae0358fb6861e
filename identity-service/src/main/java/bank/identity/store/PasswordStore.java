package bank.identity.store;

import bank.identity.model.EmailAddress;
import bank.identity.model.ProvedUser;
import bank.identity.model.UserStatus;
import bank.identity.password.PasswordHash;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Instant;
import java.util.Optional;

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

    /// What changing his password needs to know of a user.
    ///
    /// @param hash hash of his password
    public record Owned(EmailAddress email, UserStatus status, PasswordHash hash) {}

    /// Credentials of the user with that e-mail.
    public Optional<Credentials> find(Session session, EmailAddress email) {
        return session.sql()
                .createQuery("""
                        SELECT u.id, u.sign_in_epoch, p.hash,
                               CASE WHEN u.status = 'ACTIVE' AND u.sign_in_hold <> '' THEN 'BLOCKED' ELSE u.status END
                                   AS status
                        FROM bank_user u JOIN user_password p ON p.user_id = u.id
                        WHERE u.email = :email""")
                .bind("email", email.value())
                .map((row, context) -> new Credentials(
                        new ProvedUser(row.getLong("id"), row.getLong("sign_in_epoch")),
                        UserStatus.valueOf(row.getString("status")),
                        PasswordHash.parse(row.getString("hash"))))
                .findOne();
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
