package bank.identity.store;

import bank.identity.model.EmailAddress;
import bank.identity.model.Member;
import bank.identity.model.Membership;
import bank.identity.model.PersonalName;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Who belongs to which organisation.
public final class MemberStore {
    private static final String SELECT = """
            SELECT m.organization_id, m.user_id, u.email, u.first_name, u.last_name, u.middle_name, m.admin,
                   m.created_at
            FROM organization_member m JOIN bank_user u ON u.id = m.user_id
            """;

    // The organisations a user belongs to, and for each of them those above it.
    private static final String ABOVE = """
            WITH RECURSIVE above (origin, id, parent_id) AS (
                SELECT o.id, o.id, o.parent_id
                FROM organization_member m JOIN organization o ON o.id = m.organization_id WHERE m.user_id = :user
                UNION ALL
                SELECT a.origin, o.id, o.parent_id FROM above a JOIN organization o ON o.id = a.parent_id
            )
            """;

    /// Makes a user a member, or sets whether he administers the organisation.
    public void put(Tx tx, long organizationId, long userId, boolean admin, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO organization_member (organization_id, user_id, admin, created_at)
                        VALUES (:organization, :user, :admin, :now)
                        ON CONFLICT (organization_id, user_id) DO UPDATE SET admin = excluded.admin""")
                .bind("organization", organizationId)
                .bind("user", userId)
                .bind("admin", admin)
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Ends a membership.
    public void delete(Tx tx, long organizationId, long userId) {
        tx.sql()
                .createUpdate(
                        "DELETE FROM organization_member WHERE organization_id = :organization AND user_id = :user")
                .bind("organization", organizationId)
                .bind("user", userId)
                .execute();
    }

    /// One member.
    public Optional<Member> find(Session session, long organizationId, long userId) {
        return session.sql()
                .createQuery(SELECT + "WHERE m.organization_id = :organization AND m.user_id = :user")
                .bind("organization", organizationId)
                .bind("user", userId)
                .map(MemberStore::member)
                .findOne();
    }

    /// Members of an organisation, newest user first.
    ///
    /// @param before only users with a lower number
    public List<Member> list(Session session, long organizationId, long before, int rowsMax) {
        return session.sql()
                .createQuery(SELECT + """
                        WHERE m.organization_id = :organization AND m.user_id < :before
                        ORDER BY m.user_id DESC LIMIT :rows""")
                .bind("organization", organizationId)
                .bind("before", before)
                .bind("rows", rowsMax)
                .map(MemberStore::member)
                .list();
    }

    /// The organisations a user belongs to, by ascending number.
    public List<Membership> memberships(Session session, long userId) {
        return session.sql()
                .createQuery("""
                        SELECT o.id, o.name, m.admin
                        FROM organization_member m JOIN organization o ON o.id = m.organization_id
                        WHERE m.user_id = :user ORDER BY m.organization_id LIMIT :rows""")
                .bind("user", userId)
                .bind("rows", Membership.COUNT_MAX)
                .map((row, context) ->
                        new Membership(row.getLong("id"), row.getString("name"), row.getBoolean("admin")))
                .list();
    }

    /// Numbers of the organisations a user belongs to, ascending.
    public List<Long> organizationIds(Session session, long userId) {
        return session.sql()
                .createQuery("""
                        SELECT organization_id FROM organization_member
                        WHERE user_id = :user ORDER BY organization_id LIMIT :rows""")
                .bind("user", userId)
                .bind("rows", Membership.COUNT_MAX)
                .mapTo(Long.class)
                .list();
    }

    /// A user administers one of the organisations by himself.
    public boolean administersAny(Session session, long userId, Collection<Long> organizationIds) {
        return session.sql()
                .createQuery("""
                        SELECT EXISTS (SELECT FROM organization_member
                                       WHERE user_id = :user AND organization_id = ANY (:organizations) AND admin)""")
                .bind("user", userId)
                .bindArray("organizations", Long.class, organizationIds)
                .mapTo(Boolean.class)
                .one();
    }

    /// Somebody administers one of the organisations, even when the user's membership in the first of them does not
    /// count.
    public boolean administeredWithout(Session session, List<Long> organizationIds, long userId) {
        return session.sql()
                .createQuery("""
                        SELECT EXISTS (SELECT FROM organization_member
                                       WHERE organization_id = ANY (:organizations) AND admin
                                         AND NOT (organization_id = :first AND user_id = :user))""")
                .bindArray("organizations", Long.class, organizationIds)
                .bind("first", organizationIds.getFirst())
                .bind("user", userId)
                .mapTo(Boolean.class)
                .one();
    }

    /// A user belongs to an organisation that another administers, by itself or by one above it.
    public boolean belongsUnder(Session session, long userId, long adminId) {
        return session.sql()
                .createQuery(ABOVE + """
                        SELECT EXISTS (SELECT FROM above a JOIN organization_member g ON g.organization_id = a.id
                                       WHERE g.user_id = :admin AND g.admin)""")
                .bind("user", userId)
                .bind("admin", adminId)
                .mapTo(Boolean.class)
                .one();
    }

    /// A user belongs to an organisation that another does not administer.
    public boolean belongsElsewhere(Session session, long userId, long adminId) {
        return session.sql()
                .createQuery(ABOVE + """
                        SELECT EXISTS (SELECT FROM organization_member m
                                       WHERE m.user_id = :user AND NOT EXISTS (
                                           SELECT FROM above a
                                           JOIN organization_member g ON g.organization_id = a.id
                                           WHERE a.origin = m.organization_id AND g.user_id = :admin AND g.admin))""")
                .bind("user", userId)
                .bind("admin", adminId)
                .mapTo(Boolean.class)
                .one();
    }

    private static Member member(ResultSet row, StatementContext context) throws SQLException {
        return new Member(
                row.getLong("organization_id"),
                row.getLong("user_id"),
                new EmailAddress(row.getString("email")),
                new PersonalName(row.getString("first_name"), row.getString("last_name"), row.getString("middle_name")),
                row.getBoolean("admin"),
                Times.read(row, "created_at"));
    }
}
