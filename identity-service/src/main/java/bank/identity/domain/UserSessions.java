package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.OpenSession;
import bank.identity.store.OpenSessionStore;
import bank.identity.store.SessionStore;
import bank.identity.store.UserStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sessions as their users see and end them. Everybody reaches his own, administrators those of everybody.
public final class UserSessions {
    private final Database database;
    private final UserStore users;
    private final SessionStore sessions;
    private final OpenSessionStore openSessions;
    private final SignInThrottle throttle;
    private final Sessions.Life life;
    private final LiveCallers callers;
    private final AuditLog audit;
    private final Clock clock;

    /// @param throttle forgets where their users signed in from when all end
    /// @param life how long sessions live
    /// @param callers tells who still reaches those of others
    public UserSessions(
            Database database,
            UserStore users,
            SessionStore sessions,
            OpenSessionStore openSessions,
            SignInThrottle throttle,
            Sessions.Life life,
            LiveCallers callers,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.users = users;
        this.sessions = sessions;
        this.openSessions = openSessions;
        this.throttle = throttle;
        this.life = life;
        this.callers = callers;
        this.audit = audit;
        this.clock = clock;
    }

    /// Open sessions of a user, newest first.
    ///
    /// @param named user the caller names; null: himself
    /// @param after only those that come later in the list
    /// @throws IdentityException Missing, UserForbidden
    public List<OpenSession> list(Principal.User caller, @Nullable Long named, OpenSession.Place after, int rowsMax) {
        var now = clock.instant();
        return database.read(session -> openSessions.list(
                session,
                owner(session, caller, named),
                now.minus(life.unused()),
                now.minus(life.total()),
                after,
                rowsMax));
    }

    /// Ends a session. Repeating it is no error.
    ///
    /// @param named user the caller names; null: himself
    /// @throws IdentityException Missing, UserForbidden, CallerOutdated
    public void revoke(Tx tx, Principal.User caller, @Nullable Long named, UUID id, Caller actor) {
        var owner = owner(tx, caller, named);
        // By the token of a session that has ended one ends that alone: whom others keep out takes nothing more from
        // them.
        if (owner != caller.id()
                || Sessions.session(caller.session()).filter(id::equals).isEmpty()) {
            callers.require(tx, caller);
        }
        if (sessions.find(tx, id).filter(found -> found.userId() == owner).isEmpty()) {
            throw new IdentityException(new Administration.Missing("session " + id));
        }
        if (sessions.end(tx, id, owner, clock.instant())) {
            audit.append(tx, AuditType.SESSION_ENDED, actor, AuditEvent.user(owner), "session " + id);
        }
    }

    /// Ends all sessions of a user, and forgets where he signed in from.
    ///
    /// @param named user the caller names; null: himself
    /// @param keepCurrent leave the session the caller uses
    /// @throws IdentityException Missing, UserForbidden, CallerOutdated
    public void revokeAll(Tx tx, Principal.User caller, @Nullable Long named, boolean keepCurrent, Caller actor) {
        var owner = owner(tx, caller, named);
        callers.require(tx, caller);
        var kept = Sessions.session(caller.session()).filter(current -> keepCurrent);
        kept.ifPresentOrElse(
                current -> openSessions.endOthers(tx, owner, current, clock.instant()),
                () -> sessions.endAll(tx, owner, clock.instant()));
        users.find(tx, owner).ifPresent(user -> throttle.forgetAddresses(tx, user.email()));
        audit.append(
                tx,
                AuditType.SESSIONS_ENDED,
                actor,
                AuditEvent.user(owner),
                kept.map(current -> "all but session " + current).orElse("all"));
    }

    private long owner(Session session, Principal.User caller, @Nullable Long named) {
        if (named == null || named == caller.id()) {
            return caller.id();
        }
        if (!caller.staff() || users.find(session, named).isEmpty()) {
            throw UserReach.missing(named);
        }
        if (!caller.admin()) {
            throw new IdentityException(
                    new Administration.UserForbidden("only administrators of the bank reach sessions of others"));
        }
        return named;
    }
}
