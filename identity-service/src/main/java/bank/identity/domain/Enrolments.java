package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.EmailAddress;
import bank.identity.model.Enrolment;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.IdentityFailure.FieldInvalid;
import bank.identity.model.NewUser;
import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.password.PasswordHash;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.store.MemberStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.UserStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// Users whom others make: staff, and those who administer organisations.
public final class Enrolments {
    private final Database database;
    private final UserStore users;
    private final PasswordStore passwords;
    private final MemberStore members;
    private final OrganizationReach organizations;
    private final LiveCallers callers;
    private final RegistrationThrottle throttle;
    private final PasswordHasher hasher;
    private final PasswordRules rules;
    private final AuditLog audit;
    private final Clock clock;

    /// @param organizations which organisations a caller administers
    /// @param callers tells who still does
    /// @param throttle holds back who makes one after the other without being of the bank's staff
    /// @param hasher one that nobody waits for who signs in
    public Enrolments(
            Database database,
            UserStore users,
            PasswordStore passwords,
            MemberStore members,
            OrganizationReach organizations,
            LiveCallers callers,
            RegistrationThrottle throttle,
            PasswordHasher hasher,
            PasswordRules rules,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.users = users;
        this.passwords = passwords;
        this.members = members;
        this.organizations = organizations;
        this.callers = callers;
        this.throttle = throttle;
        this.hasher = hasher;
        this.rules = rules;
        this.audit = audit;
        this.clock = clock;
    }

    /// An enrolment found in order, its password hashed: what needs no transaction is done.
    public static final class Checked {
        private final NewUser user;
        private final @Nullable Long organizationId;
        private final PasswordHash hash;

        private Checked(NewUser user, @Nullable Long organizationId, PasswordHash hash) {
            this.user = user;
            this.organizationId = organizationId;
            this.hash = hash;
        }
    }

    /// Checks an enrolment and hashes its password. By whom the bank does not employ it is counted from here on,
    /// whatever comes of it, for he learns whether the e-mail is taken.
    ///
    /// @throws IdentityException UserForbidden, CallerOutdated, Missing, NotOrganizationAdmin, FieldInvalid,
    ///     PasswordWeak, RegistrationPaused, Overloaded
    public Checked check(Principal.User caller, Enrolment enrolment, Caller actor) {
        if (!caller.admin() && enrolment.role() != Role.CLIENT) {
            throw new IdentityException(
                    new Administration.UserForbidden("only administrators of the bank make its staff"));
        }
        var organization = enrolment.organizationId();
        if (organization == null && !caller.staff()) {
            throw new IdentityException(
                    new FieldInvalid("organization_id", "name an organisation that you administer"));
        }
        database.read(session -> {
            callers.require(session, caller);
            return organization == null ? 0 : require(session, caller, organization);
        });
        var email = EmailAddress.parse(enrolment.email())
                .orElseThrow(() -> new IdentityException(
                        new FieldInvalid("email", "must be an e-mail address of up to 254 characters")));
        rules.check(enrolment.password(), email);
        Birthdays.check(enrolment.birthday(), clock);
        var user =
                new NewUser(email, enrolment.name(), enrolment.birthday(), enrolment.phoneNumber(), enrolment.role());
        var hash = caller.staff()
                ? hasher.hash(enrolment.password())
                : throttle.attempt(caller, actor, () -> hasher.hash(enrolment.password()));
        return new Checked(user, organization, hash);
    }

    /// Stores the new user.
    ///
    /// @throws IdentityException Missing, NotOrganizationAdmin
    /// @throws bank.platform.db.ConstraintViolatedException `user_email_key` when the e-mail is taken
    public User enrol(Tx tx, Principal.User caller, Checked enrolment, Caller actor) {
        var now = clock.instant();
        var organization = enrolment.organizationId;
        if (organization != null) {
            require(tx, caller, organization);
        }
        var user = users.insert(tx, enrolment.user, caller.staff() ? null : organization, now);
        passwords.set(tx, user.id(), enrolment.hash, now);
        var detail = user.role().claim();
        if (organization != null) {
            members.put(tx, organization, user.id(), false, now);
            detail += ", of organisation " + organization;
        }
        audit.append(tx, AuditType.USER_CREATED, actor, AuditEvent.user(user.id()), detail);
        return UserReach.shown(caller, user);
    }

    /// Tells the audit log who was told that an e-mail is taken, and whose it is.
    public void tellTaken(Checked enrolment, Caller actor) {
        // Who goes away before he is answered is told of all the same.
        database.inDetachedTransaction(tx -> {
            var owner = users.find(tx, enrolment.user.email())
                    .map(user -> AuditEvent.user(user.id()))
                    .orElse("unknown");
            audit.append(tx, AuditType.EMAIL_TAKEN, actor, owner, "");
            return owner;
        });
    }

    private long require(Session session, Principal.User caller, long organization) {
        organizations.requireAdmin(session, caller, organization);
        return organization;
    }
}
