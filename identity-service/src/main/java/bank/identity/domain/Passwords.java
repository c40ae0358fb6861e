package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.Password;
import bank.identity.model.UserStatus;
import bank.identity.password.PasswordHash;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.store.OpenSessionStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.PasswordStore.Credentials;
import bank.identity.store.PasswordStore.Owned;
import bank.identity.store.SessionStore;
import bank.identity.store.UserStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.time.Clock;

/// Passwords changed by their users and set by administrators.
public final class Passwords {
    private final Database database;
    private final UserStore users;
    private final PasswordStore passwords;
    private final SessionStore sessions;
    private final OpenSessionStore openSessions;
    private final PasswordChecks checks;
    private final SignInThrottle throttle;
    private final PasswordHasher hasher;
    private final PasswordRules rules;
    private final LiveCallers callers;
    private final AuditLog audit;
    private final Clock clock;

    /// @param sessions ended by a new password
    /// @param openSessions the same, but for one of them
    /// @param checks of the present password
    /// @param throttle forgets where users signed in from
    /// @param callers tells who still may set those of others
    public Passwords(
            Database database,
            UserStore users,
            PasswordStore passwords,
            SessionStore sessions,
            OpenSessionStore openSessions,
            PasswordChecks checks,
            SignInThrottle throttle,
            PasswordHasher hasher,
            PasswordRules rules,
            LiveCallers callers,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.users = users;
        this.passwords = passwords;
        this.sessions = sessions;
        this.openSessions = openSessions;
        this.checks = checks;
        this.throttle = throttle;
        this.hasher = hasher;
        this.rules = rules;
        this.callers = callers;
        this.audit = audit;
        this.clock = clock;
    }

    /// A new password found in order, and hashed: what needs no transaction is done.
    public static final class Checked {
        private final long userId;
        private final PasswordHash before;
        private final PasswordHash after;

        private Checked(long userId, PasswordHash before, PasswordHash after) {
            this.userId = userId;
            this.before = before;
            this.after = after;
        }
    }

    /// Checks that the caller knows his present password and may have the new one.
    ///
    /// @throws IdentityException PasswordWrong, FieldInvalid, PasswordWeak, AccountBlocked, UserUnknown,
    ///     SignInPaused, Overloaded
    public Checked check(Principal.User caller, Password present, Password wanted, Caller actor) {
        var owned = database.read(session -> passwords.find(session, caller.id()))
                .orElseThrow(() -> new IdentityException(new IdentityFailure.UserUnknown()));
        rules.check(wanted, owned.email());
        var known = known(owned, present, actor);
        if (known.status() != UserStatus.ACTIVE) {
            throw new IdentityException(new IdentityFailure.AccountBlocked());
        }
        if (wanted.equals(present)) {
            throw new IdentityException(new IdentityFailure.PasswordWeak("is the present one: choose another"));
        }
        return new Checked(caller.id(), known.hash(), hasher.hash(wanted));
    }

    private Credentials known(Owned owned, Password present, Caller actor) {
        try {
            return checks.check(owned.email().value(), present, actor);
        } catch (IdentityException e) {
            throw e.failure() instanceof IdentityFailure.BadCredentials
                    ? new IdentityException(new Administration.PasswordWrong())
                    : e;
        }
    }

    /// Changes the caller's password and ends his other sessions.
    ///
    /// @throws IdentityException PasswordWrong when it changed meanwhile
    public void change(Tx tx, Principal.User caller, Checked password, Caller actor) {
        var now = clock.instant();
        if (!passwords.replace(tx, password.userId, password.before, password.after, now)) {
            throw new IdentityException(new Administration.PasswordWrong());
        }
        Sessions.session(caller.session())
                .ifPresentOrElse(
                        kept -> openSessions.endOthers(tx, password.userId, kept, now),
                        () -> sessions.endAll(tx, password.userId, now));
        audit.append(tx, AuditType.PASSWORD_CHANGED, actor, AuditEvent.user(password.userId), "");
    }

    /// Checks a password that an administrator sets, and hashes it.
    ///
    /// @throws IdentityException UserForbidden, CallerOutdated, Missing, FieldInvalid, PasswordWeak, Overloaded
    public PasswordHash checkReset(Principal.User caller, long userId, Password wanted) {
        if (caller.id() == userId) {
            throw new IdentityException(
                    new Administration.UserForbidden("change your own password by telling the present one"));
        }
        var user = database.read(session -> {
            callers.require(session, caller);
            return users.find(session, userId).orElseThrow(() -> UserReach.missing(userId));
        });
        rules.check(wanted, user.email());
        return hasher.hash(wanted);
    }

    /// Sets a user's password and ends his sessions.
    public void reset(Tx tx, long userId, PasswordHash hash, Caller actor) {
        var now = clock.instant();
        passwords.set(tx, userId, hash, now);
        sessions.endAll(tx, userId, now);
        throttle.forgetAddresses(
                tx,
                users.find(tx, userId)
                        .orElseThrow(() -> UserReach.missing(userId))
                        .email());
        audit.append(tx, AuditType.PASSWORD_RESET, actor, AuditEvent.user(userId), "");
    }
}
