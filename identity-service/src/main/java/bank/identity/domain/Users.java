package bank.identity.domain;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Membership;
import bank.identity.model.User;
import bank.identity.model.UserFilter;
import bank.identity.model.UserReference;
import bank.identity.store.MemberStore;
import bank.identity.store.UserStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import java.util.Collection;
import java.util.List;

/// What is known of users.
public final class Users {
    private final Database database;
    private final UserStore users;
    private final MemberStore members;
    private final UserReach reach;
    private final OrganizationReach organizations;

    /// @param users where users are kept
    /// @param members who belongs to which organisation
    /// @param reach whom a caller sees
    /// @param organizations which organisations he administers
    public Users(
            Database database, UserStore users, MemberStore members, UserReach reach, OrganizationReach organizations) {
        this.database = database;
        this.users = users;
        this.members = members;
        this.reach = reach;
        this.organizations = organizations;
    }

    /// The user who calls.
    ///
    /// @throws IdentityException UserUnknown
    public User me(Principal.User caller) {
        return database.read(session -> users.find(session, caller.id()))
                .map(user -> UserReach.shown(caller, user))
                .orElseThrow(() -> new IdentityException(new IdentityFailure.UserUnknown()));
    }

    /// The organisations a user belongs to.
    public List<Membership> memberships(long id) {
        return database.read(session -> members.memberships(session, id));
    }

    /// A user the caller sees.
    ///
    /// @throws IdentityException Missing
    public User get(Principal.User caller, long id) {
        return database.read(session -> reach.seen(session, caller, id));
    }

    /// Users that pass the filter, newest first.
    ///
    /// @param before only those with a lower number
    /// @throws IdentityException FieldInvalid, Missing, NotOrganizationAdmin: of the organisation, which a client
    ///     must name
    public List<User> list(Principal.User caller, UserFilter filter, long before, int rowsMax) {
        var organization = filter.organizationId();
        if (organization == null && !caller.staff()) {
            throw new IdentityException(
                    new IdentityFailure.FieldInvalid("organization_id", "name an organisation that you administer"));
        }
        return database
                .read(session -> {
                    if (organization != null) {
                        organizations.requireAdmin(session, caller, organization);
                    }
                    return users.list(session, filter, before, rowsMax);
                })
                .stream()
                .map(user -> UserReach.shown(caller, user))
                .toList();
    }

    /// Those of the numbers that are users, by ascending number.
    public List<UserReference> lookup(Collection<Long> ids) {
        return database.read(session -> users.references(session, ids));
    }
}
