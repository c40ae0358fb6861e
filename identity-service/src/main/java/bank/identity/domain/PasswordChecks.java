package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.EmailAddress;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Password;
import bank.identity.password.PasswordHasher;
import bank.identity.store.PasswordStore;
import bank.identity.store.PasswordStore.Credentials;
import bank.platform.db.Database;

/// Whether a password is that of an e-mail: whatever takes passwords asks here, so that all of it is throttled as one.
/// Neither the answer nor its time tells whether a user exists.
public final class PasswordChecks {
    private final Database database;
    private final PasswordStore passwords;
    private final PasswordHasher hasher;
    private final SignInThrottle throttle;
    private final AuditLog audit;

    /// @param throttle holds back who guesses
    public PasswordChecks(
            Database database,
            PasswordStore passwords,
            PasswordHasher hasher,
            SignInThrottle throttle,
            AuditLog audit) {
        this.database = database;
        this.passwords = passwords;
        this.hasher = hasher;
        this.throttle = throttle;
        this.audit = audit;
    }

    /// The user of that e-mail, whatever his status; the password is his. Not to be called in a transaction: the check
    /// takes long.
    ///
    /// @throws IdentityException BadCredentials; SignInPaused, also for the right password; Overloaded
    public Credentials check(String email, Password password, Caller caller) {
        return throttle.attempt(email, caller, attempt -> {
            var credentials = EmailAddress.parse(email)
                    .flatMap(address -> database.read(session -> passwords.find(session, address)));
            boolean matches;
            try {
                // Nobody waits here with a connection in hand.
                matches = hasher.matches(
                        password, credentials.map(Credentials::hash).orElse(hasher.decoy()));
            } catch (IdentityException e) {
                attempt.giveBack();
                throw e;
            }
            if (credentials.isEmpty() || !matches) {
                database.inTransaction(tx -> {
                    // Of an unknown e-mail nothing is kept, for it may be a password in the wrong field.
                    var subject = credentials
                            .map(user -> AuditEvent.user(user.userId()))
                            .orElse("unknown");
                    audit.append(tx, AuditType.SIGN_IN_REFUSED, caller, subject, "wrong password");
                    attempt.failed(tx, caller, subject);
                    return subject;
                });
                throw new IdentityException(new IdentityFailure.BadCredentials());
            }
            attempt.succeeded();
            return credentials.get();
        });
    }
}
