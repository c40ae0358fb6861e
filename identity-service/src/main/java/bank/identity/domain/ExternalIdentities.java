package bank.identity.domain;

import bank.identity.keys.ForeignTokens;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.ExternalIdentity;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.store.ExternalIdentityStore;
import bank.identity.store.ForeignSessionStore;
import bank.identity.store.UserStore;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.time.Clock;
import java.util.List;

/// Links between users and their accounts at other issuers, as administrators make them.
public final class ExternalIdentities {
    private final Database database;
    private final ExternalIdentityStore store;
    private final UserStore users;
    private final ForeignSessionStore sessions;
    private final ForeignTokens tokens;
    private final AuditLog audit;
    private final Clock clock;

    /// @param tokens knows the issuers
    public ExternalIdentities(
            Database database,
            ExternalIdentityStore store,
            UserStore users,
            ForeignSessionStore sessions,
            ForeignTokens tokens,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.users = users;
        this.sessions = sessions;
        this.tokens = tokens;
        this.audit = audit;
        this.clock = clock;
    }

    /// Links an account to a user.
    ///
    /// @throws IdentityException FieldInvalid; IdentityLinked when it is somebody's already
    public ExternalIdentity link(Tx tx, long userId, String issuer, String subject, Caller caller) {
        if (!tokens.knows(issuer)) {
            throw new IdentityException(
                    new IdentityFailure.FieldInvalid("issuer", "no issuer of the settings has this URL"));
        }
        if (users.find(tx, userId).isEmpty()) {
            throw new IdentityException(new IdentityFailure.FieldInvalid("user_id", "no user has this number"));
        }
        store.lock(tx, issuer, subject);
        if (store.find(tx, issuer, subject).isPresent()) {
            throw new IdentityException(new IdentityFailure.IdentityLinked());
        }
        var linked = store.insert(tx, userId, issuer, subject, false, "", clock.instant());
        audit.append(
                tx, AuditType.IDENTITY_LINKED, caller, AuditEvent.user(userId), AuditEvent.foreign(issuer, subject));
        return linked;
    }

    /// Undoes a link, and ends the sessions its user has by accounts elsewhere.
    ///
    /// @throws IdentityException IdentityUnknown
    public void unlink(Tx tx, long id, Caller caller) {
        var gone = store.delete(tx, id).orElseThrow(() -> new IdentityException(new IdentityFailure.IdentityUnknown()));
        sessions.endAll(tx, gone.userId(), clock.instant());
        audit.append(
                tx,
                AuditType.IDENTITY_UNLINKED,
                caller,
                AuditEvent.user(gone.userId()),
                AuditEvent.foreign(gone.issuer(), gone.subject()));
    }

    /// One account.
    ///
    /// @throws IdentityException IdentityUnknown
    public ExternalIdentity get(long id) {
        return database.read(session -> store.find(session, id))
                .orElseThrow(() -> new IdentityException(new IdentityFailure.IdentityUnknown()));
    }

    /// Accounts of a user, newest first.
    ///
    /// @param before those with a lower number only
    public List<ExternalIdentity> list(long userId, long before, int limit) {
        return database.read(session -> store.list(session, userId, before, limit));
    }
}
