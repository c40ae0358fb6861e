package bank.identity.domain;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.Organization;
import bank.identity.store.MemberStore;
import bank.identity.store.OrganizationStore;
import bank.platform.auth.Principal;
import bank.platform.db.Session;

/// Which organisations somebody sees and administers. Staff all of them; others see those they are members of, and who
/// administers one sees and administers whatever is below it too.
public final class OrganizationReach {
    private final OrganizationStore organizations;
    private final MemberStore members;

    /// @param organizations what is above what
    /// @param members who belongs where
    public OrganizationReach(OrganizationStore organizations, MemberStore members) {
        this.organizations = organizations;
        this.members = members;
    }

    /// An organisation the caller sees, as he sees it.
    ///
    /// @throws IdentityException Missing
    Organization seen(Session session, Principal.User caller, long id) {
        var organization = organizations.find(session, id).orElseThrow(() -> missing(id));
        if (!sees(session, caller, id)) {
            throw missing(id);
        }
        return shown(session, caller, organization);
    }

    /// The organisation as the caller, who sees it, sees it.
    Organization shown(Session session, Principal.User caller, Organization organization) {
        var parent = organization.parentId();
        return parent == null || sees(session, caller, parent) ? organization : organization.withoutParent();
    }

    /// The caller administers the organisation.
    boolean administers(Session session, Principal.User caller, long id) {
        return caller.staff() || members.administersAny(session, caller.id(), organizations.path(session, id));
    }

    /// Refuses a caller who does not administer the organisation.
    ///
    /// @throws IdentityException Missing, NotOrganizationAdmin
    void requireAdmin(Session session, Principal.User caller, long id) {
        seen(session, caller, id);
        if (!administers(session, caller, id)) {
            throw new IdentityException(
                    new Administration.NotOrganizationAdmin("you do not administer organisation " + id));
        }
    }

    private boolean sees(Session session, Principal.User caller, long id) {
        return administers(session, caller, id)
                || members.find(session, id, caller.id()).isPresent();
    }

    static IdentityException missing(long id) {
        return new IdentityException(new Administration.Missing("organisation " + id));
    }
}
