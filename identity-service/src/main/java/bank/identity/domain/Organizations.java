package bank.identity.domain;

import bank.identity.model.AuditEvent;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.Administration;
import bank.identity.model.IdentityFailure.FieldInvalid;
import bank.identity.model.NewOrganization;
import bank.identity.model.Organization;
import bank.identity.model.OrganizationChange;
import bank.identity.model.OrganizationChange.Field;
import bank.identity.model.OrganizationFilter;
import bank.identity.model.OrganizationType;
import bank.identity.store.OrganizationStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Organisations: made, changed, moved below others.
public final class Organizations {
    private final Database database;
    private final OrganizationStore store;
    private final OrganizationReach reach;
    private final AuditLog audit;
    private final Clock clock;

    /// @param reach which organisations a caller sees
    public Organizations(
            Database database, OrganizationStore store, OrganizationReach reach, AuditLog audit, Clock clock) {
        this.database = database;
        this.store = store;
        this.reach = reach;
        this.audit = audit;
        this.clock = clock;
    }

    /// Makes an organisation.
    ///
    /// @throws IdentityException FieldInvalid, Missing, NotOrganizationAdmin, OrganizationTooDeep
    public Organization create(Tx tx, Principal.User caller, NewOrganization wanted, Caller actor) {
        var parent = wanted.parentId();
        var type = wanted.type();
        if (parent == null) {
            if (!caller.staff()) {
                throw new IdentityException(new FieldInvalid("parent_id", "name an organisation that you administer"));
            }
            type = type == null ? OrganizationType.CUSTOMER : type;
        } else {
            store.lockTree(tx);
            reach.requireAdmin(tx, caller, parent);
            var above = store.find(tx, parent).orElseThrow(() -> OrganizationReach.missing(parent));
            requireType(caller, type, above.type());
            type = type == null ? above.type() : type;
            requireDepth(store.path(tx, parent).size() + 1);
        }
        var organization = reach.shown(tx, caller, store.insert(tx, wanted, type, clock.instant()));
        audit.append(
                tx,
                AuditType.ORGANIZATION_CREATED,
                actor,
                AuditEvent.organization(organization.id()),
                parent == null ? "" : "below organisation " + parent);
        return organization;
    }

    /// An organisation the caller sees.
    ///
    /// @throws IdentityException Missing
    public Organization get(Principal.User caller, long id) {
        return database.read(session -> reach.seen(session, caller, id));
    }

    /// Organisations the caller sees, newest first.
    ///
    /// @param before only those with a lower number
    /// @throws IdentityException Missing, of the parent in the filter
    public List<Organization> list(Principal.User caller, OrganizationFilter filter, long before, int rowsMax) {
        return database.read(session -> {
            if (filter.parentId() != null) {
                reach.seen(session, caller, filter.parentId());
            }
            return caller.staff()
                    ? store.list(session, filter, before, rowsMax)
                    : store.listSeen(session, caller.id(), filter, before, rowsMax);
        });
    }

    /// Changes an organisation.
    ///
    /// @throws IdentityException Missing, NotOrganizationAdmin, FieldForbidden, OrganizationCycle,
    ///     OrganizationTooDeep
    public Organization update(Tx tx, Principal.User caller, long id, OrganizationChange change, Caller actor) {
        var moves = change.fields().contains(Field.PARENT_ID);
        if (moves) {
            store.lockTree(tx);
        }
        reach.requireAdmin(tx, caller, id);
        var organization = store.lock(tx, id).orElseThrow(() -> OrganizationReach.missing(id));
        // Whoever waited for what takes it from him administers it no more.
        reach.requireAdmin(tx, caller, id);
        EntityTags.require(organization.etag());
        var wanted = change.applied(organization);
        requireType(caller, wanted.type(), organization.type());
        if (moves && !Objects.equals(wanted.parentId(), organization.parentId())) {
            requirePlace(tx, caller, organization, wanted.parentId());
        }
        var changed = reach.shown(tx, caller, store.update(tx, wanted));
        var detail = change.fields().stream().sorted().map(Field::path).collect(Collectors.joining(", "))
                + (moves ? ": from " + organization.parentId() + " to " + wanted.parentId() : "");
        audit.append(tx, AuditType.ORGANIZATION_UPDATED, actor, AuditEvent.organization(id), detail);
        return changed;
    }

    private void requirePlace(Tx tx, Principal.User caller, Organization organization, @Nullable Long parent) {
        var id = organization.id();
        var before = organization.parentId();
        if (!caller.staff() && (before == null || parent == null || !reach.administers(tx, caller, before))) {
            throw new IdentityException(new Administration.NotOrganizationAdmin(
                    "only those who administer the organisation above move organisation " + id));
        }
        if (parent == null) {
            return;
        }
        reach.requireAdmin(tx, caller, parent);
        var path = store.path(tx, parent);
        if (path.contains(id)) {
            throw new IdentityException(new Administration.OrganizationCycle(id));
        }
        requireDepth(path.size() + store.height(tx, id));
    }

    private static void requireType(Principal.User caller, @Nullable OrganizationType wanted, OrganizationType given) {
        if (wanted != null && wanted != given && !caller.staff()) {
            throw new IdentityException(new Administration.FieldForbidden(Field.TYPE.path()));
        }
    }

    private static void requireDepth(int depth) {
        if (depth > Organization.DEPTH_MAX) {
            throw new IdentityException(new Administration.OrganizationTooDeep());
        }
    }
}
