package bank.identity.domain;

import bank.identity.keys.Vault;
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
import bank.identity.store.PasswordStore.Drawn;
import bank.platform.db.Database;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Whether a password is that of an e-mail: whatever takes passwords asks here, so that all of it is throttled as one.
/// Neither the answer nor its time tells whether a user exists.
public final class PasswordChecks {
    private final Database database;
    private final PasswordStore passwords;
    private final PasswordHasher hasher;
    private final PasswordHasher hasherInPause;
    private final SignInThrottle throttle;
    private final Vault vault;
    private final AuditLog audit;

    /// @param hasherInPause one with turns of its own: who tries during pauses makes nobody wait
    /// @param throttle holds back who guesses
    /// @param vault draws lots that nobody else can
    public PasswordChecks(
            Database database,
            PasswordStore passwords,
            PasswordHasher hasher,
            PasswordHasher hasherInPause,
            SignInThrottle throttle,
            Vault vault,
            AuditLog audit) {
        this.database = database;
        this.passwords = passwords;
        this.hasher = hasher;
        this.hasherInPause = hasherInPause;
        this.throttle = throttle;
        this.vault = vault;
        this.audit = audit;
    }

    /// The user of that e-mail, whatever his status; the password is his. Not to be called in a transaction: the check
    /// takes long.
    ///
    /// @throws IdentityException BadCredentials; SignInPaused, also for the right password where
    ///     its user is new; Overloaded
    public Credentials check(String email, Password password, Caller caller) {
        return throttle.attempt(
                email,
                caller,
                attempt -> {
                    Checked checked;
                    try {
                        checked = checked(email, password, hasher);
                    } catch (RuntimeException e) {
                        attempt.giveBack();
                        throw e;
                    }
                    if (checked.right().isEmpty()) {
                        refuse(attempt, checked.credentials(), caller);
                    }
                    attempt.succeeded();
                    return checked.right().orElseThrow();
                },
                () -> checked(email, password, hasherInPause).right());
    }

    /// @param credentials those of the e-mail
    private record Checked(Optional<Credentials> credentials, boolean matches) {
        Optional<Credentials> right() {
            return credentials.filter(found -> matches);
        }
    }

    private Checked checked(String email, Password password, PasswordHasher hashes) {
        var drawn = EmailAddress.parse(email)
                .flatMap(address -> database.read(session -> passwords.find(session, address, lot(address))));
        var credentials = drawn.flatMap(Drawn::credentials);
        // Nobody waits here with a connection in hand.
        var matches = hashes.matches(
                password,
                credentials
                        .map(Credentials::hash)
                        .or(() -> drawn.map(Drawn::other).map(hashes::decoy))
                        .orElse(hashes.decoy()));
        return new Checked(credentials, matches);
    }

    private void refuse(SignInThrottle.Attempt attempt, Optional<Credentials> credentials, Caller caller) {
        var subject = credentials
                .map(user -> AuditEvent.user(user.userId()))
                // Nothing is kept of the e-mail, for it may be a password in the wrong field.
                .orElse("unknown");
        // Who goes away before he is answered is told of all the same.
        database.inDetachedTransaction(tx -> {
            audit.append(tx, AuditType.SIGN_IN_REFUSED, caller, subject, "wrong password");
            attempt.failed(tx, caller, subject);
            return subject;
        });
        throw new IdentityException(new IdentityFailure.BadCredentials());
    }

    /// By which an unknown e-mail gets the cost of somebody's hash, always of the same one: so it is as likely an
    /// outdated one as that of a known e-mail, and as constant.
    private long lot(EmailAddress email) {
        return ByteBuffer.wrap(vault.code(email.value().getBytes(StandardCharsets.UTF_8), "sign-in-decoy"))
                        .getLong()
                & Long.MAX_VALUE;
    }
}
