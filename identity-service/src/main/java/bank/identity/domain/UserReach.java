package bank.identity.domain;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.User;
import bank.identity.store.MemberStore;
import bank.identity.store.UserStore;
import bank.platform.auth.Principal;
import bank.platform.db.Session;

/// Which users somebody sees, and what of them: staff everybody, others themselves and the members of the
/// organisations they administer.
public final class UserReach {
    private final UserStore users;
    private final MemberStore members;

    /// @param users where users are kept
    /// @param members who belongs where
    public UserReach(UserStore users, MemberStore members) {
        this.users = users;
        this.members = members;
    }

    /// A user the caller sees, as he sees him.
    ///
    /// @throws IdentityException Missing
    User seen(Session session, Principal.User caller, long id) {
        var user = users.find(session, id).orElseThrow(() -> missing(id));
        if (!caller.staff() && id != caller.id() && !members.belongsUnder(session, id, caller.id())) {
            throw missing(id);
        }
        return shown(caller, user);
    }

    /// The user as the caller, who sees him, sees him.
    static User shown(Principal.User caller, User user) {
        if (caller.staff()) {
            return user;
        }
        return user.id() == caller.id() ? user.withoutNotes() : user.asMember();
    }

    static IdentityException missing(long id) {
        return new IdentityException(new Administration.Missing("user " + id));
    }
}
