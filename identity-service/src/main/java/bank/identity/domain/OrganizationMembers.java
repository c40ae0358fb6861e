package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.Member;
import bank.identity.model.Membership;
import bank.identity.store.MemberStore;
import bank.identity.store.OrganizationStore;
import bank.identity.store.UserStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.time.Clock;
import java.util.List;

/// Who belongs to organisations and administers them.
public final class OrganizationMembers {
    private final Database database;
    private final OrganizationStore organizations;
    private final MemberStore members;
    private final UserStore users;
    private final OrganizationReach reach;
    private final UserReach userReach;
    private final AuditLog audit;
    private final Clock clock;

    /// @param reach which organisations a caller administers
    /// @param userReach whom he sees
    public OrganizationMembers(
            Database database,
            OrganizationStore organizations,
            MemberStore members,
            UserStore users,
            OrganizationReach reach,
            UserReach userReach,
            AuditLog audit,
            Clock clock) {
        this.database = database;
        this.organizations = organizations;
        this.members = members;
        this.users = users;
        this.reach = reach;
        this.userReach = userReach;
        this.audit = audit;
        this.clock = clock;
    }

    /// Members of an organisation, newest user first.
    ///
    /// @param before only users with a lower number
    /// @throws IdentityException Missing, NotOrganizationAdmin
    public List<Member> list(Principal.User caller, long organizationId, long before, int rowsMax) {
        return database.read(session -> {
            reach.requireAdmin(session, caller, organizationId);
            return members.list(session, organizationId, before, rowsMax);
        });
    }

    /// Makes a user a member, or sets whether he administers the organisation.
    ///
    /// @throws IdentityException Missing, NotOrganizationAdmin, TooManyOrganizations, LastOrganizationAdmin
    public Member add(Tx tx, Principal.User caller, long organizationId, long userId, boolean admin, Caller actor) {
        reach.requireAdmin(tx, caller, organizationId);
        userReach.seen(tx, caller, userId);
        lock(tx, organizationId);
        // Whoever waited for what takes it from him administers it no more.
        reach.requireAdmin(tx, caller, organizationId);
        // Those who add him to other organisations wait, so that nobody exceeds the limit.
        if (users.lock(tx, userId).isEmpty()) {
            throw UserReach.missing(userId);
        }
        var before = members.find(tx, organizationId, userId);
        if (before.isEmpty() && members.memberships(tx, userId).size() >= Membership.COUNT_MAX) {
            throw new IdentityException(new Administration.TooManyOrganizations(userId));
        }
        if (before.isPresent() && before.get().admin() && !admin) {
            keepAdmin(tx, caller, organizationId, userId);
        }
        members.put(tx, organizationId, userId, admin, clock.instant());
        var member = members.find(tx, organizationId, userId).orElseThrow();
        audit.append(
                tx,
                AuditType.ORGANIZATION_MEMBER_SET,
                actor,
                AuditEvent.organization(organizationId),
                AuditEvent.user(userId) + (admin ? ", administers it" : ", member"));
        return member;
    }

    /// Ends a membership. Repeating it is no error.
    ///
    /// @throws IdentityException Missing, NotOrganizationAdmin, LastOrganizationAdmin
    public void remove(Tx tx, Principal.User caller, long organizationId, long userId, Caller actor) {
        requireRemoval(tx, caller, organizationId, userId);
        lock(tx, organizationId);
        // Whoever waited for what takes it from him administers it no more.
        requireRemoval(tx, caller, organizationId, userId);
        var member = members.find(tx, organizationId, userId);
        if (member.isEmpty()) {
            return;
        }
        if (member.get().admin()) {
            keepAdmin(tx, caller, organizationId, userId);
        }
        members.delete(tx, organizationId, userId);
        audit.append(
                tx,
                AuditType.ORGANIZATION_MEMBER_REMOVED,
                actor,
                AuditEvent.organization(organizationId),
                AuditEvent.user(userId));
    }

    private void requireRemoval(Tx tx, Principal.User caller, long organizationId, long userId) {
        if (caller.id() == userId) {
            reach.seen(tx, caller, organizationId);
        } else {
            reach.requireAdmin(tx, caller, organizationId);
        }
    }

    private void lock(Tx tx, long organizationId) {
        if (organizations.lock(tx, organizationId).isEmpty()) {
            throw OrganizationReach.missing(organizationId);
        }
    }

    /// What somebody administers stays so, unless the bank decides otherwise.
    private void keepAdmin(Tx tx, Principal.User caller, long organizationId, long userId) {
        if (!caller.staff() && !members.administeredWithout(tx, organizations.path(tx, organizationId), userId)) {
            throw new IdentityException(new Administration.LastOrganizationAdmin(organizationId));
        }
    }
}
