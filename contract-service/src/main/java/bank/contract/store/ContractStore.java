package bank.contract.store;

import bank.contract.model.Contract;
import bank.contract.model.ContractFilter;
import bank.contract.model.ContractStatus;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Contracts in the database.
public final class ContractStore {
    /// Adds a contract in status `DRAFT`.
    public Contract insert(Tx tx, long userId, String description, Instant now) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO contract (user_id, description, status, version, created_at)
                        VALUES (:user, :description, 'DRAFT', 1, :now)
                        RETURNING id, user_id, description, status, version, created_at""")
                .bind("user", userId)
                .bind("description", description)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .map(ContractStore::contract)
                .one();
    }

    /// One contract.
    public Optional<Contract> find(Session session, long id) {
        return session.sql()
                .createQuery("""
                        SELECT id, user_id, description, status, version, created_at FROM contract
                        WHERE id = :id""")
                .bind("id", id)
                .map(ContractStore::contract)
                .findOne();
    }

    /// One contract, which nobody else changes or links to before the transaction ends.
    public Optional<Contract> lock(Tx tx, long id) {
        return tx.sql()
                .createQuery("""
                        SELECT id, user_id, description, status, version, created_at FROM contract
                        WHERE id = :id FOR UPDATE""")
                .bind("id", id)
                .map(ContractStore::contract)
                .findOne();
    }

    /// Contracts that pass the filter, newest first.
    ///
    /// @param before only those with a lower number
    public List<Contract> list(Session session, ContractFilter filter, long before, int rowsMax) {
        var where = new StringBuilder("id < :before");
        if (filter.userId() != null) {
            where.append(" AND user_id = :user");
        }
        if (filter.status() != null) {
            where.append(" AND status = :status");
        }
        var query = session.sql()
                .createQuery("SELECT id, user_id, description, status, version, created_at FROM contract WHERE " + where
                        + " ORDER BY id DESC LIMIT :rows")
                .bind("before", before)
                .bind("rows", rowsMax);
        if (filter.userId() != null) {
            query.bind("user", filter.userId());
        }
        if (filter.status() != null) {
            query.bind("status", filter.status().name());
        }
        return query.map(ContractStore::contract).list();
    }

    /// Writes a contract's description and status as its next version.
    public Contract update(Tx tx, long id, String description, ContractStatus status) {
        return tx.sql()
                .createQuery("""
                        UPDATE contract SET description = :description, status = :status, version = version + 1
                        WHERE id = :id
                        RETURNING id, user_id, description, status, version, created_at""")
                .bind("id", id)
                .bind("description", description)
                .bind("status", status.name())
                .map(ContractStore::contract)
                .one();
    }

    private static Contract contract(ResultSet row, StatementContext context) throws SQLException {
        return new Contract(
                row.getLong("id"),
                row.getLong("user_id"),
                row.getString("description"),
                ContractStatus.valueOf(row.getString("status")),
                row.getLong("version"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
