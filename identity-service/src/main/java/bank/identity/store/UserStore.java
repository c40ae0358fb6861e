package bank.identity.store;

import bank.identity.model.EmailAddress;
import bank.identity.model.FinancialPosition;
import bank.identity.model.NewUser;
import bank.identity.model.PersonalName;
import bank.identity.model.Profile;
import bank.identity.model.Role;
import bank.identity.model.Sex;
import bank.identity.model.User;
import bank.identity.model.UserFilter;
import bank.identity.model.UserReference;
import bank.identity.model.UserStatus;
import bank.identity.model.VerificationReason;
import bank.identity.model.VerificationStatus;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Users.
public final class UserStore {
    // No e-mail has it.
    private static final String LAST_CHARACTER = Character.toString(Character.MAX_CODE_POINT);
    private static final String COLUMNS = """
            id, email, first_name, last_name, middle_name, birthday, sex, address, phone_number, tax_number,
            financial_position, role, status, verification, verification_reason, created_at, status_reason,
            sign_in_hold, blocked_by_organization, made_by, version""";

    /// An administrator who may sign in.
    ///
    /// @param own he signs in here by password, and no other issuer made him
    public record Admin(long id, boolean own) {}

    /// Stores a new user.
    ///
    /// @throws bank.platform.db.ConstraintViolatedException `user_email_key` when the e-mail is taken
    public User insert(Tx tx, NewUser user, Instant now) {
        return insert(tx, user, null, now);
    }

    /// Stores a new user.
    ///
    /// @param madeBy organisation whose administrator makes him; null: nobody's does
    /// @throws bank.platform.db.ConstraintViolatedException `user_email_key` when the e-mail is taken
    public User insert(Tx tx, NewUser user, @Nullable Long madeBy, Instant now) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO bank_user
                            (email, first_name, last_name, middle_name, birthday, phone_number, role, made_by,
                             created_at)
                        VALUES (:email, :first, :last, :middle, :birthday, :phone, :role, :madeBy, :now)
                        RETURNING\s""" + COLUMNS)
                .bind("email", user.email().value())
                .bind("first", user.name().first())
                .bind("last", user.name().last())
                .bind("middle", user.name().middle())
                .bind("birthday", user.birthday())
                .bind("phone", user.phoneNumber())
                .bind("role", user.role().name())
                .bind("madeBy", madeBy)
                .bind("now", Times.utc(now))
                .map((row, context) -> user(row))
                .one();
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

    /// The user of that number, whom nobody else changes before the transaction ends.
    public Optional<User> lock(Tx tx, long id) {
        return tx.sql()
                .createQuery("SELECT " + COLUMNS + " FROM bank_user WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", id)
                .map((row, context) -> user(row))
                .findOne();
    }

    /// Users that pass the filter, newest first.
    ///
    /// @param before only those with a lower number
    public List<User> list(Session session, UserFilter filter, long before, int rowsMax) {
        var where = new StringBuilder("id < :before");
        var bound = new HashMap<String, Object>();
        if (filter.role() != null) {
            where.append(" AND role = :role");
            bound.put("role", filter.role().name());
        }
        if (filter.status() != null) {
            where.append(" AND status = :status");
            bound.put("status", filter.status().name());
        }
        if (!filter.emailPrefix().isEmpty()) {
            where.append(" AND email COLLATE \"C\" >= :prefix AND email COLLATE \"C\" < :beyond");
            bound.put("prefix", filter.emailPrefix());
            bound.put("beyond", filter.emailPrefix() + LAST_CHARACTER);
        }
        if (filter.organizationId() != null) {
            where.append(" AND id IN (SELECT user_id FROM organization_member WHERE organization_id = :organization)");
            bound.put("organization", filter.organizationId());
        }
        return session.sql()
                .createQuery("SELECT " + COLUMNS + " FROM bank_user WHERE " + where + " ORDER BY id DESC LIMIT :rows")
                .bind("before", before)
                .bind("rows", rowsMax)
                .bindMap(bound)
                .map((row, context) -> user(row))
                .list();
    }

    /// The administrators who may sign in, none of whom anybody else changes before the transaction ends. By ascending
    /// number, so that those who lock them wait for each other instead of standing in each other's way.
    public List<Admin> lockAdmins(Tx tx) {
        return tx.sql()
                .createQuery("""
                        SELECT u.id,
                               EXISTS (SELECT FROM user_password p WHERE p.user_id = u.id)
                                   AND NOT EXISTS (SELECT FROM external_identity i
                                                   WHERE i.user_id = u.id AND i.provisioned) AS own
                        FROM bank_user u
                        WHERE u.role = 'ADMIN' AND u.status = 'ACTIVE' AND u.sign_in_hold = ''
                        ORDER BY u.id FOR NO KEY UPDATE OF u""")
                .map((row, context) -> new Admin(row.getLong("id"), row.getBoolean("own")))
                .list();
    }

    /// Writes what is known of a user as his next version.
    public User setProfile(Tx tx, long id, Profile profile) {
        var position = profile.financialPosition();
        return tx.sql()
                .createQuery("""
                        UPDATE bank_user
                        SET first_name = :first, last_name = :last, middle_name = :middle, birthday = :birthday,
                            sex = :sex, address = :address, phone_number = :phone, tax_number = :tax,
                            financial_position = :position, version = version + 1
                        WHERE id = :id
                        RETURNING\s""" + COLUMNS)
                .bind("id", id)
                .bind("first", profile.name().first())
                .bind("last", profile.name().last())
                .bind("middle", profile.name().middle())
                .bind("birthday", profile.birthday())
                .bind("sex", profile.sex().name())
                .bind("address", profile.address())
                .bind("phone", profile.phoneNumber())
                .bind("tax", profile.taxNumber())
                .bind("position", position == null ? null : position.name())
                .map((row, context) -> user(row))
                .one();
    }

    /// Gives a user another role.
    public User setRole(Tx tx, long id, Role role) {
        return tx.sql()
                .createQuery("""
                        UPDATE bank_user SET role = :role, version = version + 1
                        WHERE id = :id
                        RETURNING\s""" + COLUMNS)
                .bind("id", id)
                .bind("role", role.name())
                .map((row, context) -> user(row))
                .one();
    }

    /// Sets the status of an account.
    ///
    /// @param reason why it may not sign in; empty when it may
    /// @param byOrganization it is no member of the bank's staff who blocks it
    public User setStatus(Tx tx, long id, UserStatus status, String reason, boolean byOrganization) {
        return tx.sql()
                .createQuery("""
                        UPDATE bank_user
                        SET status = :status, status_reason = :reason, blocked_by_organization = :byOrganization,
                            version = version + 1
                        WHERE id = :id
                        RETURNING\s""" + COLUMNS)
                .bind("id", id)
                .bind("status", status.name())
                .bind("reason", reason)
                .bind("byOrganization", byOrganization)
                .map((row, context) -> user(row))
                .one();
    }

    /// Says how far a user's identity is verified, as his next version.
    ///
    /// @param reason why it is not, when it was rejected
    public User setVerification(Tx tx, long id, VerificationStatus verification, @Nullable VerificationReason reason) {
        return tx.sql()
                .createQuery("""
                        UPDATE bank_user
                        SET verification = :verification, verification_reason = :reason, version = version + 1
                        WHERE id = :id
                        RETURNING\s""" + COLUMNS)
                .bind("id", id)
                .bind("verification", verification.name())
                .bind("reason", reason == null ? null : reason.printed())
                .map((row, context) -> user(row))
                .one();
    }

    /// Holds up sign-ins of a user, whose sessions go on, or lets them happen again.
    ///
    /// @param reason why; empty: no more
    public User setSignInHold(Tx tx, long id, String reason) {
        return tx.sql()
                .createQuery("""
                        UPDATE bank_user SET sign_in_hold = :reason, version = version + 1
                        WHERE id = :id
                        RETURNING\s""" + COLUMNS)
                .bind("id", id)
                .bind("reason", reason)
                .map((row, context) -> user(row))
                .one();
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
    ///
    /// @return the user, if he was not
    public Optional<User> makeAdmin(Tx tx, long id) {
        return tx.sql()
                .createQuery("""
                        UPDATE bank_user SET role = 'ADMIN', status = 'ACTIVE', status_reason = '', sign_in_hold = '',
                            blocked_by_organization = false, version = version + 1
                        WHERE id = :id AND (role <> 'ADMIN' OR status <> 'ACTIVE' OR sign_in_hold <> '')
                        RETURNING\s""" + COLUMNS)
                .bind("id", id)
                .map((row, context) -> user(row))
                .findOne();
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
                row.getString("status_reason"),
                row.getString("sign_in_hold"),
                row.getBoolean("blocked_by_organization"),
                row.getObject("made_by", Long.class),
                row.getLong("version"));
    }
}
