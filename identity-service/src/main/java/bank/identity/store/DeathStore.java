package bank.identity.store;

import bank.identity.model.AccountStatus;
import bank.identity.model.DeathNotice;
import bank.identity.model.DeathState;
import bank.identity.model.Identifier;
import bank.identity.model.UserStatus;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.time.Instant;
import java.util.Optional;

/// What HMRC says of deaths, and what accounts were before.
public final class DeathStore {
    /// What was said last of a person.
    public Optional<DeathNotice> find(Session session, Identifier identifier) {
        return session.sql()
                .createQuery("SELECT state, version, reference FROM death WHERE nin = :nin")
                .bind("nin", identifier.value())
                .map((row, context) -> new DeathNotice(
                        identifier,
                        DeathState.valueOf(row.getString("state")),
                        row.getLong("version"),
                        row.getString("reference")))
                .findOne();
    }

    /// Keeps what was said last of a person.
    public void put(Tx tx, DeathNotice notice, Instant now) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO death (nin, state, version, reference, noted_at)
                        VALUES (:nin, :state, :version, :reference, :now)
                        ON CONFLICT (nin) DO UPDATE
                        SET state = excluded.state, version = excluded.version, reference = excluded.reference,
                            noted_at = excluded.noted_at""")
                .bind("nin", notice.identifier().value())
                .bind("state", notice.state().name())
                .bind("version", notice.version())
                .bind("reference", notice.reference())
                .bind("now", Times.utc(now))
                .execute();
    }

    /// Keeps what an account is before its user counts as dead.
    public void keep(Tx tx, long userId, AccountStatus before) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO status_before_death (user_id, status, status_reason, blocked_by_organization)
                        VALUES (:user, :status, :reason, :byOrganization)
                        ON CONFLICT (user_id) DO UPDATE
                        SET status = excluded.status, status_reason = excluded.status_reason,
                            blocked_by_organization = excluded.blocked_by_organization""")
                .bind("user", userId)
                .bind("status", before.status().name())
                .bind("reason", before.reason())
                .bind("byOrganization", before.byOrganization())
                .execute();
    }

    /// What an account was before its user counted as dead; from now on it is not known any more.
    public Optional<AccountStatus> take(Tx tx, long userId) {
        return tx.sql()
                .createQuery("""
                        DELETE FROM status_before_death WHERE user_id = :user
                        RETURNING status, status_reason, blocked_by_organization""")
                .bind("user", userId)
                .map((row, context) -> new AccountStatus(
                        UserStatus.valueOf(row.getString("status")),
                        row.getString("status_reason"),
                        row.getBoolean("blocked_by_organization")))
                .findOne();
    }
}
