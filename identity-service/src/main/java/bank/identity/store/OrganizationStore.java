package bank.identity.store;

import bank.identity.model.NewOrganization;
import bank.identity.model.Organization;
import bank.identity.model.OrganizationFilter;
import bank.identity.model.OrganizationType;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Organisations and what is above and below them.
public final class OrganizationStore {
    private static final long TREE_LOCK = 0x6f7267616e6973L;
    private static final String COLUMNS = "id, parent_id, name, type, tax_number, created_at, version";

    /// Lets one transaction at a time change what is above what, until it ends.
    public void lockTree(Tx tx) {
        tx.sql()
                .createQuery("SELECT pg_advisory_xact_lock(:lock)")
                .bind("lock", TREE_LOCK)
                .map((row, context) -> TREE_LOCK)
                .one();
    }

    /// Adds an organisation.
    public Organization insert(Tx tx, NewOrganization organization, OrganizationType type, Instant now) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO organization (parent_id, name, type, tax_number, created_at)
                        VALUES (:parent, :name, :type, :tax, :now)
                        RETURNING\s""" + COLUMNS)
                .bind("parent", organization.parentId())
                .bind("name", organization.name())
                .bind("type", type.name())
                .bind("tax", organization.taxNumber())
                .bind("now", Times.utc(now))
                .map(OrganizationStore::organization)
                .one();
    }

    /// One organisation.
    public Optional<Organization> find(Session session, long id) {
        return session.sql()
                .createQuery("SELECT " + COLUMNS + " FROM organization WHERE id = :id")
                .bind("id", id)
                .map(OrganizationStore::organization)
                .findOne();
    }

    /// One organisation, which, with its members, nobody else changes before the transaction ends.
    public Optional<Organization> lock(Tx tx, long id) {
        return tx.sql()
                .createQuery("SELECT " + COLUMNS + " FROM organization WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", id)
                .map(OrganizationStore::organization)
                .findOne();
    }

    /// Writes an organisation as its next version.
    public Organization update(Tx tx, Organization changed) {
        return tx.sql()
                .createQuery("""
                        UPDATE organization
                        SET parent_id = :parent, name = :name, type = :type, tax_number = :tax, version = version + 1
                        WHERE id = :id
                        RETURNING\s""" + COLUMNS)
                .bind("id", changed.id())
                .bind("parent", changed.parentId())
                .bind("name", changed.name())
                .bind("type", changed.type().name())
                .bind("tax", changed.taxNumber())
                .map(OrganizationStore::organization)
                .one();
    }

    /// Organisations that pass the filter, newest first.
    ///
    /// @param before only those with a lower number
    public List<Organization> list(Session session, OrganizationFilter filter, long before, int rowsMax) {
        return list(session, "", "organization o", "o.parent_id", new HashMap<>(), filter, before, rowsMax);
    }

    /// Those a user sees of the organisations that pass the filter, newest first: those he is a member of, and whatever
    /// is below those he administers. One whose parent he does not see has none.
    ///
    /// @param before only those with a lower number
    public List<Organization> listSeen(
            Session session, long userId, OrganizationFilter filter, long before, int rowsMax) {
        var bound = new HashMap<String, Object>();
        bound.put("user", userId);
        return list(
                session,
                """
                WITH RECURSIVE administered (id) AS (
                    SELECT organization_id FROM organization_member WHERE user_id = :user AND admin
                    UNION
                    SELECT o.id FROM administered a JOIN organization o ON o.parent_id = a.id
                ), seen (id) AS (
                    SELECT id FROM administered
                    UNION
                    SELECT organization_id FROM organization_member WHERE user_id = :user
                )
                """,
                "seen s JOIN organization o ON o.id = s.id",
                "CASE WHEN o.parent_id IN (SELECT id FROM seen) THEN o.parent_id END",
                bound,
                filter,
                before,
                rowsMax);
    }

    private static List<Organization> list(
            Session session,
            String with,
            String from,
            String parent,
            Map<String, Object> bound,
            OrganizationFilter filter,
            long before,
            int rowsMax) {
        var where = new StringBuilder("o.id < :before");
        if (filter.type() != null) {
            where.append(" AND o.type = :type");
            bound.put("type", filter.type().name());
        }
        if (filter.parentId() != null) {
            where.append(" AND o.parent_id = :parent");
            bound.put("parent", filter.parentId());
        }
        return session.sql()
                .createQuery(with + "SELECT o.id, " + parent + " AS parent_id, o.name, o.type, o.tax_number,"
                        + " o.created_at, o.version FROM " + from + " WHERE " + where
                        + " ORDER BY o.id DESC LIMIT :rows")
                .bind("before", before)
                .bind("rows", rowsMax)
                .bindMap(bound)
                .map(OrganizationStore::organization)
                .list();
    }

    /// The organisation and those above it, from the nearest to the top. Empty: there is no such organisation.
    public List<Long> path(Session session, long id) {
        return session.sql().createQuery("""
                        WITH RECURSIVE above (id, parent_id, place) AS (
                            SELECT id, parent_id, 1 FROM organization WHERE id = :id
                            UNION ALL
                            SELECT o.id, o.parent_id, a.place + 1
                            FROM above a JOIN organization o ON o.id = a.parent_id
                        )
                        SELECT id FROM above ORDER BY place""").bind("id", id).mapTo(Long.class).list();
    }

    /// How many levels there are from an organisation down to the lowest below it; 1 when it has no children.
    public int height(Session session, long id) {
        return session.sql()
                .createQuery("""
                        WITH RECURSIVE below (id, level) AS (
                            SELECT CAST(:id AS bigint), 1
                            UNION ALL
                            SELECT o.id, b.level + 1 FROM below b JOIN organization o ON o.parent_id = b.id
                        )
                        SELECT max(level) FROM below""")
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
    }

    private static Organization organization(ResultSet row, StatementContext context) throws SQLException {
        return new Organization(
                row.getLong("id"),
                row.getObject("parent_id", Long.class),
                row.getString("name"),
                OrganizationType.valueOf(row.getString("type")),
                row.getString("tax_number"),
                Times.read(row, "created_at"),
                row.getLong("version"));
    }
}
