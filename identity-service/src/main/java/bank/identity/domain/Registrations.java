package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.EmailAddress;
import bank.identity.model.Identifier;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.FieldInvalid;
import bank.identity.model.NewUser;
import bank.identity.model.Registration;
import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.password.PasswordHash;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.store.PasswordStore;
import bank.identity.store.UserStore;
import bank.platform.db.Tx;
import java.time.Clock;
import java.util.Optional;

/// How somebody becomes a client.
public final class Registrations {
    private final UserStore users;
    private final PasswordStore passwords;
    private final Verifications verifications;
    private final PasswordHasher hasher;
    private final RegistrationThrottle throttle;
    private final PasswordRules rules;
    private final AuditLog audit;
    private final Clock clock;
    private final boolean sandbox;

    /// @param verifications begun with each registration that names an identifier
    /// @param throttle holds back who registers too often
    /// @param sandbox take the sample identifiers of the sandbox registries
    public Registrations(
            UserStore users,
            PasswordStore passwords,
            Verifications verifications,
            PasswordHasher hasher,
            RegistrationThrottle throttle,
            PasswordRules rules,
            AuditLog audit,
            Clock clock,
            boolean sandbox) {
        this.users = users;
        this.passwords = passwords;
        this.verifications = verifications;
        this.hasher = hasher;
        this.throttle = throttle;
        this.rules = rules;
        this.audit = audit;
        this.clock = clock;
        this.sandbox = sandbox;
    }

    /// A registration found in order, its password hashed: what needs no transaction is done.
    public static final class Checked {
        private final NewUser user;
        private final Optional<Identifier> identifier;
        private final PasswordHash hash;

        private Checked(NewUser user, Optional<Identifier> identifier, PasswordHash hash) {
            this.user = user;
            this.identifier = identifier;
            this.hash = hash;
        }
    }

    /// Checks a registration and hashes its password. Nothing here tells whether the e-mail is taken, for that counts
    /// as a registration.
    ///
    /// @throws IdentityException FieldInvalid, PasswordWeak, RegistrationPaused, Overloaded
    public Checked check(Registration registration, Caller caller) {
        var email = EmailAddress.parse(registration.email())
                .orElseThrow(() -> invalid("email", "must be an e-mail address of up to 254 characters"));
        rules.check(registration.password(), email);
        Birthdays.check(registration.birthday(), clock);
        var identifier = GivenIdentifiers.read(registration.identifierType(), registration.identifierValue(), sandbox);
        var user = new NewUser(
                email, registration.name(), registration.birthday(), registration.phoneNumber(), Role.CLIENT);
        return new Checked(user, identifier, throttle.attempt(caller, () -> hasher.hash(registration.password())));
    }

    /// Stores the new client.
    ///
    /// @throws bank.platform.db.ConstraintViolatedException `user_email_key` when the e-mail is taken
    public User register(Tx tx, Checked registration, Caller caller) {
        var now = clock.instant();
        var user = users.insert(tx, registration.user, now);
        passwords.set(tx, user.id(), registration.hash, now);
        audit.append(tx, AuditType.REGISTERED, caller, AuditEvent.user(user.id()), "");
        registration.identifier.ifPresent(identifier -> verifications.begin(tx, user.id(), identifier, caller));
        return user;
    }

    private static IdentityException invalid(String field, String description) {
        return new IdentityException(new FieldInvalid(field, description));
    }
}
