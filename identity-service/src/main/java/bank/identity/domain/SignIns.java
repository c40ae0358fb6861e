package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.EmailAddress;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Password;
import bank.identity.model.TokenPair;
import bank.identity.model.UserStatus;
import bank.identity.password.PasswordHash;
import bank.identity.password.PasswordHasher;
import bank.identity.store.PasswordStore;
import bank.identity.store.PasswordStore.Credentials;
import bank.platform.db.Database;
import java.util.Optional;

/// Signing in with e-mail and password. Neither the answer nor its time tells whether a user exists.
public final class SignIns {
    private final Database database;
    private final PasswordStore passwords;
    private final PasswordHasher hasher;
    private final Sessions sessions;
    private final AuditLog audit;

    /// @param sessions opened by each sign-in
    public SignIns(
            Database database, PasswordStore passwords, PasswordHasher hasher, Sessions sessions, AuditLog audit) {
        this.database = database;
        this.passwords = passwords;
        this.hasher = hasher;
        this.sessions = sessions;
        this.audit = audit;
    }

    /// Signs a user in and opens a session.
    ///
    /// @param clientId client he uses
    /// @throws IdentityException BadCredentials; AccountBlocked, only when the password is right; Overloaded
    public TokenPair signIn(String email, Password password, String clientId, Caller caller) {
        var credentials = EmailAddress.parse(email)
                .flatMap(address -> database.read(session -> passwords.find(session, address)));
        // Nobody waits here with a connection in hand.
        var matches =
                hasher.matches(password, credentials.map(Credentials::hash).orElse(hasher.decoy()));
        if (credentials.isEmpty() || !matches) {
            refused(caller, credentials.map(Credentials::userId), "wrong password");
            throw new IdentityException(new IdentityFailure.BadCredentials());
        }
        var user = credentials.get();
        if (user.status() != UserStatus.ACTIVE) {
            refused(caller, Optional.of(user.userId()), "the account may not sign in");
            throw new IdentityException(new IdentityFailure.AccountBlocked());
        }
        var hash = hasher.outdated(user.hash()) ? rehashed(user, password) : user.hash();
        // A password changed meanwhile has ended the sessions there were, and opens no other.
        var opened = database.inTransaction(tx -> passwords.holds(tx, user.userId(), hash)
                ? Optional.of(sessions.open(tx, user.userId(), user.role(), clientId, caller))
                : Optional.<TokenPair>empty());
        return opened.orElseGet(() -> signIn(email, password, clientId, caller));
    }

    private PasswordHash rehashed(Credentials user, Password password) {
        var fresh = hasher.hash(password);
        return database.inTransaction(tx -> {
            passwords.rehash(tx, user.userId(), user.hash(), fresh);
            return fresh;
        });
    }

    /// Of an unknown e-mail nothing is kept, for it may be a password in the wrong field.
    private void refused(Caller caller, Optional<Long> userId, String detail) {
        database.inTransaction(tx -> {
            var subject = userId.map(AuditEvent::user).orElse("unknown");
            audit.append(tx, AuditType.SIGN_IN_REFUSED, caller, subject, detail);
            return subject;
        });
    }
}
