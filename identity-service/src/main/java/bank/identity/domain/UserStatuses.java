package bank.identity.domain;

import bank.identity.events.IdentityEvents;
import bank.identity.model.AccountStatus;
import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.model.UserStatus;
import bank.identity.store.SessionStore;
import bank.identity.store.UserStore;
import bank.platform.auth.Principal;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;
import java.util.Locale;

/// Who may sign in: accounts are blocked and let in again.
public final class UserStatuses {
    private final UserStore users;
    private final SessionStore sessions;
    private final SignInThrottle throttle;
    private final UserReach reach;
    private final UserOwnership ownership;
    private final LastAdmin lastAdmin;
    private final LiveCallers callers;
    private final IdentityEvents events;
    private final AuditLog audit;
    private final Clock clock;

    /// @param sessions ended when their user may no longer sign in
    /// @param throttle forgets where he signed in from
    /// @param callers tells who still may do this
    public UserStatuses(
            UserStore users,
            SessionStore sessions,
            SignInThrottle throttle,
            UserReach reach,
            UserOwnership ownership,
            LastAdmin lastAdmin,
            LiveCallers callers,
            IdentityEvents events,
            AuditLog audit,
            Clock clock) {
        this.users = users;
        this.sessions = sessions;
        this.throttle = throttle;
        this.reach = reach;
        this.ownership = ownership;
        this.lastAdmin = lastAdmin;
        this.callers = callers;
        this.events = events;
        this.audit = audit;
        this.clock = clock;
    }

    /// Blocks a user and ends his sessions.
    ///
    /// @throws IdentityException Missing, UserForbidden, LastAdmin, StatusFixed
    public User deactivate(Tx tx, Principal.User caller, long id, String reason, Caller actor) {
        var user = lock(tx, caller, id);
        if (user.status() == UserStatus.DECEASED) {
            throw new IdentityException(new Administration.StatusFixed(id, user.status()));
        }
        if (user.status() == UserStatus.BLOCKED && !(user.blockedByOrganization() && caller.staff())) {
            return UserReach.shown(caller, user);
        }
        lastAdmin.keep(tx, user);
        return UserReach.shown(
                caller, set(tx, user, new AccountStatus(UserStatus.BLOCKED, reason, !caller.staff()), actor));
    }

    /// Lets a blocked user sign in again.
    ///
    /// @throws IdentityException Missing, UserForbidden, StatusFixed
    public User activate(Tx tx, Principal.User caller, long id, Caller actor) {
        var user = lock(tx, caller, id);
        if (user.status() == UserStatus.DECEASED) {
            throw new IdentityException(new Administration.StatusFixed(id, user.status()));
        }
        if (user.status() == UserStatus.ACTIVE) {
            return UserReach.shown(caller, user);
        }
        if (!caller.staff() && !user.blockedByOrganization()) {
            throw new IdentityException(new Administration.UserForbidden("the bank blocked him: ask the bank"));
        }
        return UserReach.shown(caller, set(tx, user, AccountStatus.ACTIVE, actor));
    }

    /// Sets the status of an account on behalf of the bank, whatever it is; unless the user may then sign in, his
    /// sessions end. Comes last in the transaction.
    ///
    /// @param reason why he may not sign in; empty when he may
    /// @throws IdentityException Missing
    public User set(Tx tx, long id, UserStatus status, String reason, Caller actor) {
        var user = lastAdmin.lock(tx, id);
        return set(tx, user, new AccountStatus(status, reason, false), actor);
    }

    /// The same to a locked user.
    User set(Tx tx, User user, AccountStatus wanted, Caller actor) {
        var status = wanted.status();
        var reason = wanted.reason();
        var changed = users.setStatus(tx, user.id(), status, reason, wanted.byOrganization());
        events.statusChanged(tx, changed);
        if (status != UserStatus.ACTIVE) {
            sessions.endAll(tx, user.id(), clock.instant());
            throttle.forgetAddresses(tx, user.email());
        }
        var detail = name(user.status()) + " to " + name(status) + (reason.isEmpty() ? "" : ": " + reason);
        audit.append(tx, AuditType.USER_STATUS_CHANGED, actor, AuditEvent.user(user.id()), detail);
        return changed;
    }

    private User lock(Tx tx, Principal.User caller, long id) {
        reach.seen(tx, caller, id);
        var user = lastAdmin.lock(tx, id);
        // Whoever waited for what blocks him is blocked now.
        callers.require(tx, caller);
        EntityTags.require(user.etag());
        if (!caller.admin()) {
            requireClientOf(tx, caller, user);
        }
        return user;
    }

    private void requireClientOf(Tx tx, Principal.User caller, User user) {
        if (user.role() != Role.CLIENT) {
            throw new IdentityException(
                    new Administration.UserForbidden("only administrators of the bank do this to its staff"));
        }
        if (!caller.staff() && !ownership.owns(tx, caller, user)) {
            throw new IdentityException(new Administration.UserForbidden(
                    "only the bank does this to users whom your organisations have not made, or who belong to others"
                            + " too"));
        }
    }

    private static String name(UserStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
