package bank.identity.domain;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.model.UserStatus;
import bank.identity.store.UserStore;
import bank.platform.db.Tx;

/// Sees to it that there always is an administrator who may sign in.
public final class LastAdmin {
    private final UserStore users;

    /// @param users where users are kept
    public LastAdmin(UserStore users) {
        this.users = users;
    }

    /// A user, whom nobody else changes before the transaction ends. If he is an administrator, nobody
    /// changes the other ones either: they are locked before him, always in the same order, so that two who
    /// take each other's rights wait for each other and do not block each other.
    ///
    /// @throws IdentityException Missing
    User lock(Tx tx, long id) {
        if (users.find(tx, id).map(User::role).filter(Role.ADMIN::equals).isPresent()) {
            users.lockAdmins(tx);
        }
        return users.lock(tx, id).orElseThrow(() -> UserReach.missing(id));
    }

    /// Refuses to take a locked user's rights when nobody else has them.
    ///
    /// @throws IdentityException LastAdmin
    void keep(Tx tx, User user) {
        if (is(tx, user)) {
            throw new IdentityException(new Administration.LastAdmin(user.id()));
        }
    }

    /// A locked user is the only administrator who may sign in. Of one who signs in here by password that is
    /// so whatever administrators another issuer made: it makes clients of them as it likes.
    boolean is(Tx tx, User user) {
        if (user.role() != Role.ADMIN
                || user.status() != UserStatus.ACTIVE
                || !user.signInHold().isEmpty()) {
            return false;
        }
        var admins = users.lockAdmins(tx);
        var own = admins.stream().anyMatch(admin -> admin.id() == user.id() && admin.own());
        return admins.stream().noneMatch(admin -> admin.id() != user.id() && (admin.own() || !own));
    }
}
