package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Password;
import bank.identity.model.TokenKey;
import bank.identity.model.TokenPair;
import bank.identity.model.UserStatus;
import bank.identity.password.PasswordHash;
import bank.identity.password.PasswordHasher;
import bank.identity.store.PasswordStore;
import bank.identity.store.PasswordStore.Credentials;
import bank.platform.db.Database;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Signing in with e-mail and password. Neither the answer nor its time tells whether a user exists.
public final class SignIns {
    private final Database database;
    private final PasswordChecks checks;
    private final PasswordStore passwords;
    private final PasswordHasher hasher;
    private final Sessions sessions;
    private final AuditLog audit;

    /// @param checks tells whether the password is right
    /// @param sessions opened by each sign-in
    public SignIns(
            Database database,
            PasswordChecks checks,
            PasswordStore passwords,
            PasswordHasher hasher,
            Sessions sessions,
            AuditLog audit) {
        this.database = database;
        this.checks = checks;
        this.passwords = passwords;
        this.hasher = hasher;
        this.sessions = sessions;
        this.audit = audit;
    }

    /// Signs a user in and opens a session.
    ///
    /// @param clientId client he uses
    /// @throws IdentityException BadCredentials; AccountBlocked, only when the password is right; SignInPaused;
    ///     Overloaded
    public TokenPair signIn(String email, Password password, String clientId, Caller caller) {
        return signIn(email, password, clientId, null, caller);
    }

    /// Signs a user in and opens a session.
    ///
    /// @param clientId client he uses
    /// @param key what his tokens are bound to; null for bearer tokens
    /// @throws IdentityException BadCredentials; AccountBlocked, only when the password is right; SignInPaused;
    ///     Overloaded
    public TokenPair signIn(String email, Password password, String clientId, @Nullable TokenKey key, Caller caller) {
        return open(prove(email, password, caller), clientId, key, caller)
                // What has ended his sessions meanwhile, as a new password does, has ended this sign-in too.
                .or(() -> open(prove(email, password, caller), clientId, key, caller))
                .orElseThrow(() -> new IdentityException(new IdentityFailure.AccountBlocked()));
    }

    private Optional<TokenPair> open(Credentials user, String clientId, @Nullable TokenKey key, Caller caller) {
        sessions.prepare();
        return database.inTransaction(tx -> sessions.open(tx, user.user(), clientId, key, caller));
    }

    /// The user, once his password is found right; no session is opened.
    ///
    /// @throws IdentityException BadCredentials; AccountBlocked, only when the password is right; SignInPaused;
    ///     Overloaded
    Credentials prove(String email, Password password, Caller caller) {
        var user = checks.check(email, password, caller);
        if (user.status() != UserStatus.ACTIVE) {
            // Who goes away before he is answered is told of all the same.
            database.inDetachedTransaction(tx -> {
                var subject = AuditEvent.user(user.userId());
                audit.append(tx, AuditType.SIGN_IN_REFUSED, caller, subject, "the account may not sign in");
                return subject;
            });
            throw new IdentityException(new IdentityFailure.AccountBlocked());
        }
        return hasher.outdated(user.hash()) ? user.withHash(rehashed(user, password)) : user;
    }

    private PasswordHash rehashed(Credentials user, Password password) {
        var fresh = hasher.hash(password);
        return database.inTransaction(tx -> {
            passwords.rehash(tx, user.userId(), user.hash(), fresh);
            return fresh;
        });
    }
}
