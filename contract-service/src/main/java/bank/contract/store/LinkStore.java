package bank.contract.store;

import bank.contract.model.ContractLink;
import bank.contract.model.LinkKey;
import bank.contract.model.LinkStatus;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Links in the database.
public final class LinkStore {
    /// The link of a pair.
    public Optional<ContractLink> find(Session session, LinkKey key) {
        return session.sql()
                .createQuery("""
                        SELECT id, contract_id, document_id, status FROM contract_link
                        WHERE contract_id = :contract AND document_id = :document""")
                .bind("contract", key.contractId())
                .bind("document", key.documentId())
                .map(LinkStore::link)
                .findOne();
    }

    /// Sets the status of a pair's link, which is added when there is none.
    public ContractLink put(Tx tx, LinkKey key, LinkStatus status, Instant now) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO contract_link (contract_id, document_id, status, created_at, updated_at)
                        VALUES (:contract, :document, :status, :now, :now)
                        ON CONFLICT ON CONSTRAINT contract_link_pair
                        DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at
                        RETURNING id, contract_id, document_id, status""")
                .bind("contract", key.contractId())
                .bind("document", key.documentId())
                .bind("status", status.name())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .map(LinkStore::link)
                .one();
    }

    /// Counts a change of a contract's links. The row of the contract is locked.
    ///
    /// @return how many there were, this one included
    public long countChange(Tx tx, long contractId) {
        return tx.sql()
                .createQuery("""
                        UPDATE contract SET link_changes = link_changes + 1
                        WHERE id = :contract
                        RETURNING link_changes""")
                .bind("contract", contractId)
                .mapTo(Long.class)
                .one();
    }

    /// Links of a contract, newest first.
    ///
    /// @param before only those with a lower number
    public List<ContractLink> list(Session session, long contractId, long before, int rowsMax) {
        return session.sql()
                .createQuery("""
                        SELECT id, contract_id, document_id, status FROM contract_link
                        WHERE contract_id = :contract AND id < :before
                        ORDER BY id DESC LIMIT :rows""")
                .bind("contract", contractId)
                .bind("before", before)
                .bind("rows", rowsMax)
                .map(LinkStore::link)
                .list();
    }

    private static ContractLink link(ResultSet row, StatementContext context) throws SQLException {
        return new ContractLink(
                row.getLong("id"),
                new LinkKey(row.getLong("contract_id"), row.getLong("document_id")),
                LinkStatus.valueOf(row.getString("status")));
    }
}
