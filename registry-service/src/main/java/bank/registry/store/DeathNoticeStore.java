package bank.registry.store;

import bank.platform.db.Session;
import bank.platform.db.Tx;
import bank.registry.model.DeathNotice;
import bank.registry.model.DeathState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;

/// Notices of death in the database.
public final class DeathNoticeStore {
    /// Lets notices of a person come one after another until the transaction ends.
    public void lockPerson(Tx tx, String nin) {
        tx.sql()
                .createQuery("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('death ' || :nin, 0))")
                .bind("nin", nin)
                .mapTo(Integer.class)
                .one();
    }

    /// The last notice of a person.
    public Optional<DeathNotice> last(Session session, String nin) {
        return session.sql()
                .createQuery("""
                        SELECT reference, nin, version, state, reported_at FROM death_notice
                        WHERE nin = :nin ORDER BY version DESC LIMIT 1""")
                .bind("nin", nin)
                .map(DeathNoticeStore::notice)
                .findOne();
    }

    /// Adds a notice.
    ///
    /// @param caller who reported it
    public void insert(Tx tx, DeathNotice notice, String caller) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO death_notice (reference, nin, version, state, reported_at, reported_by)
                        VALUES (:reference, :nin, :version, :state, :at, :caller)""")
                .bind("reference", notice.reference())
                .bind("nin", notice.nin())
                .bind("version", notice.version())
                .bind("state", notice.state().name())
                .bind("at", notice.reportedAt().atOffset(ZoneOffset.UTC))
                .bind("caller", caller)
                .execute();
    }

    private static DeathNotice notice(ResultSet row, StatementContext context) throws SQLException {
        return new DeathNotice(
                row.getObject("reference", UUID.class),
                row.getString("nin"),
                row.getLong("version"),
                DeathState.valueOf(row.getString("state")),
                row.getObject("reported_at", OffsetDateTime.class).toInstant());
    }
}
