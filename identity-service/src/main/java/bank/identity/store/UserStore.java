package bank.identity.store;

import bank.identity.model.EmailAddress;
import bank.identity.model.FinancialPosition;
import bank.identity.model.Identifier;
import bank.identity.model.NewUser;
import bank.identity.model.PersonalName;
import bank.identity.model.Role;
import bank.identity.model.Sex;
import bank.identity.model.User;
import bank.identity.model.UserReference;
import bank.identity.model.UserStatus;
import bank.identity.model.VerificationStatus;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Users and their identifiers.
public final class UserStore {
    private static final String COLUMNS = """
            id, email, first_name, last_name, middle_name, birthday, sex, address, phone_number, tax_number,
            financial_position, role, status, verification, verification_reason, created_at, version""";

    /// Stores a new user.
    ///
    /// @throws bank.platform.db.ConstraintViolatedException `user_email_key` when the e-mail is taken
    public User insert(Tx tx, NewUser user, Instant now) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO bank_user
                            (email, first_name, last_name, middle_name, birthday, phone_number, role, created_at)
                        VALUES (:email, :first, :last, :middle, :birthday, :phone, :role, :now)
                        RETURNING\s""" + COLUMNS)
                .bind("email", user.email().value())
                .bind("first", user.name().first())
                .bind("last", user.name().last())
                .bind("middle", user.name().middle())
                .bind("birthday", user.birthday())
                .bind("phone", user.phoneNumber())
                .bind("role", user.role().name())
                .bind("now", Times.utc(now))
                .map((row, context) -> user(row))
                .one();
    }

    /// Stores an identifier, not yet verified.
    public void insertIdentifier(Tx tx, long userId, Identifier identifier, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO identifier (user_id, type, value, created_at)
                        VALUES (:user, :type, :value, :now)""")
                .bind("user", userId)
                .bind("type", identifier.type().name())
                .bind("value", identifier.value())
                .bind("now", Times.utc(now))
                .execute();
    }

    /// The user of that number.
    public Optional<User> find(Session session, long id) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + " FROM bank_user WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> user(row))
                .findOne();
    }

    /// The user of that e-mail.
    public Optional<User> find(Session session, EmailAddress email) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + " FROM bank_user WHERE email = :email")
                .bind("email", email.value())
                .map((row, context) -> user(row))
                .findOne();
    }

    /// Those of the numbers that are users, by ascending number.
    public List<UserReference> references(Session session, Collection<Long> ids) {
        return session.sql()
                .createQuery("SELECT id, role, status FROM bank_user WHERE id = ANY (:ids) ORDER BY id")
                .bindArray("ids", Long.class, ids)
                .map((row, context) -> new UserReference(
                        row.getLong("id"),
                        Role.valueOf(row.getString("role")),
                        UserStatus.valueOf(row.getString("status"))))
                .list();
    }

    /// Makes a user an administrator who may sign in.
    public void makeAdmin(Tx tx, long id) {
        tx.sql().createUpdate("""
                        UPDATE bank_user SET role = 'ADMIN', status = 'ACTIVE', version = version + 1
                        WHERE id = :id AND (role <> 'ADMIN' OR status <> 'ACTIVE')""").bind("id", id).execute();
    }

    /// Gives a user another role.
    public void setRole(Tx tx, long id, Role role) {
        tx.sql()
                .createUpdate("UPDATE bank_user SET role = :role, version = version + 1 WHERE id = :id")
                .bind("id", id)
                .bind("role", role.name())
                .execute();
    }

    /// An administrator exists.
    public boolean anyAdmin(Session session) {
        return session.sql()
                .createQuery("SELECT EXISTS (SELECT FROM bank_user WHERE role = 'ADMIN')")
                .mapTo(Boolean.class)
                .one();
    }

    private static User user(ResultSet row) throws SQLException {
        var position = row.getString("financial_position");
        return new User(
                row.getLong("id"),
                new EmailAddress(row.getString("email")),
                new PersonalName(row.getString("first_name"), row.getString("last_name"), row.getString("middle_name")),
                row.getObject("birthday", LocalDate.class),
                Sex.valueOf(row.getString("sex")),
                row.getString("address"),
                row.getString("phone_number"),
                row.getString("tax_number"),
                position == null ? null : FinancialPosition.valueOf(position),
                Role.valueOf(row.getString("role")),
                UserStatus.valueOf(row.getString("status")),
                VerificationStatus.valueOf(row.getString("verification")),
                row.getString("verification_reason"),
                Times.read(row, "created_at"),
                row.getLong("version"));
    }
}
