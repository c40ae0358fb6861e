package bank.identity.domain;

import bank.identity.model.Role;
import bank.identity.model.User;
import bank.identity.store.MemberStore;
import bank.platform.auth.Principal;
import bank.platform.db.Session;

/// Whose accounts are an organisation's own: those of clients it has made, who belong to no other. Whoever became a
/// member of his own will keeps his account, whatever an organisation thinks of him.
public final class UserOwnership {
    private final MemberStore members;
    private final OrganizationReach organizations;

    /// @param members who belongs where
    /// @param organizations which organisations a caller administers
    public UserOwnership(MemberStore members, OrganizationReach organizations) {
        this.members = members;
        this.organizations = organizations;
    }

    /// The account belongs to organisations the caller administers, and is not his.
    boolean owns(Session session, Principal.User caller, User user) {
        var madeBy = user.madeBy();
        return user.id() != caller.id()
                && user.role() == Role.CLIENT
                && madeBy != null
                && organizations.administers(session, caller, madeBy)
                && !members.belongsElsewhere(session, user.id(), caller.id());
    }
}
