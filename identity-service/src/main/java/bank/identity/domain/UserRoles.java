package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.store.SessionStore;
import bank.identity.store.UserStore;
import bank.platform.auth.Principal;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;

/// Which part each user plays.
public final class UserRoles {
    private final UserStore users;
    private final SessionStore sessions;
    private final LastAdmin lastAdmin;
    private final LiveCallers callers;
    private final AuditLog audit;
    private final Clock clock;

    /// @param sessions ended when a role changes
    /// @param callers tells who still may do this
    public UserRoles(
            UserStore users,
            SessionStore sessions,
            LastAdmin lastAdmin,
            LiveCallers callers,
            AuditLog audit,
            Clock clock) {
        this.users = users;
        this.sessions = sessions;
        this.lastAdmin = lastAdmin;
        this.callers = callers;
        this.audit = audit;
        this.clock = clock;
    }

    /// Gives a user another role and ends his sessions.
    ///
    /// @throws IdentityException Missing, LastAdmin, CallerOutdated
    public User set(Tx tx, Principal.User caller, long id, Role role, Caller actor) {
        var user = lastAdmin.lock(tx, id);
        // Whoever waited for what takes his role has it no more.
        callers.require(tx, caller);
        EntityTags.require(user.etag());
        if (user.role() == role) {
            return user;
        }
        lastAdmin.keep(tx, user);
        var changed = users.setRole(tx, id, role);
        sessions.endAll(tx, id, clock.instant());
        audit.append(
                tx,
                AuditType.USER_ROLE_CHANGED,
                actor,
                AuditEvent.user(id),
                user.role().claim() + " to " + role.claim());
        return changed;
    }
}
