package bank.contract.store;

import bank.contract.model.HoldState;
import bank.contract.model.LinkKey;
import bank.contract.model.LinkTask;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// Link tasks in the database. Writers hold the lock of the contract's row, so that generations are
/// given out in the order of what was wanted.
public final class LinkTaskStore {
    /// A generation above all before, bound to no task.
    public long generation(Session session) {
        return session.sql()
                .createQuery("SELECT nextval('hold_generation')")
                .mapTo(Long.class)
                .one();
    }

    /// Writes that a document is to be held. A task that wants this already keeps its generation, so
    /// that two who link the same pair at once do not push each other aside.
    public LinkTask putHeld(Tx tx, LinkKey key, Instant now, Instant due) {
        return put(tx, key, HoldState.HELD, now, due, "link_task.wanted = 'HELD'");
    }

    /// Writes that a document is to be released, in place of anything wanted before.
    public LinkTask putReleased(Tx tx, LinkKey key, Instant now, Instant due) {
        return put(tx, key, HoldState.RELEASED, now, due, "FALSE");
    }

    private static LinkTask put(Tx tx, LinkKey key, HoldState wanted, Instant now, Instant due, String kept) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO link_task (contract_id, document_id, wanted, generation, created_at, due_at)
                        VALUES (:contract, :document, :wanted, nextval('hold_generation'), :now, :due)
                        ON CONFLICT ON CONSTRAINT link_task_pk
                        DO UPDATE SET wanted = excluded.wanted, due_at = excluded.due_at,
                            created_at = CASE WHEN %1$s THEN link_task.created_at ELSE excluded.created_at END,
                            generation = CASE WHEN %1$s THEN link_task.generation ELSE excluded.generation END
                        RETURNING contract_id, document_id, wanted, generation""".formatted(kept))
                .bind("contract", key.contractId())
                .bind("document", key.documentId())
                .bind("wanted", wanted.name())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("due", due.atOffset(ZoneOffset.UTC))
                .map(LinkTaskStore::task)
                .one();
    }

    /// The task of a pair.
    public Optional<LinkTask> find(Session session, LinkKey key) {
        return session.sql()
                .createQuery("""
                        SELECT contract_id, document_id, wanted, generation FROM link_task
                        WHERE contract_id = :contract AND document_id = :document""")
                .bind("contract", key.contractId())
                .bind("document", key.documentId())
                .map(LinkTaskStore::task)
                .findOne();
    }

    /// Tasks whose time has come, the longest due first.
    public List<LinkTask> due(Session session, Instant now, int rowsMax) {
        return session.sql()
                .createQuery("""
                        SELECT contract_id, document_id, wanted, generation FROM link_task
                        WHERE due_at <= :now ORDER BY due_at LIMIT :rows""")
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("rows", rowsMax)
                .map(LinkTaskStore::task)
                .list();
    }

    /// Renews a due task under a new generation, unless it was replaced or put off meanwhile.
    public Optional<LinkTask> renew(Tx tx, LinkTask task, HoldState wanted, Instant now, Instant due) {
        return tx.sql()
                .createQuery("""
                        UPDATE link_task
                        SET wanted = :wanted, generation = nextval('hold_generation'), due_at = :due
                        WHERE contract_id = :contract AND document_id = :document AND generation = :generation
                            AND due_at <= :now
                        RETURNING contract_id, document_id, wanted, generation""")
                .bind("contract", task.key().contractId())
                .bind("document", task.key().documentId())
                .bind("generation", task.generation())
                .bind("wanted", wanted.name())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("due", due.atOffset(ZoneOffset.UTC))
                .map(LinkTaskStore::task)
                .findOne();
    }

    /// Ends a task; false when it was replaced or ended meanwhile.
    public boolean end(Tx tx, LinkKey key, long generation) {
        return tx.sql()
                        .createUpdate("""
                                DELETE FROM link_task
                                WHERE contract_id = :contract AND document_id = :document
                                    AND generation = :generation""")
                        .bind("contract", key.contractId())
                        .bind("document", key.documentId())
                        .bind("generation", generation)
                        .execute()
                == 1;
    }

    private static LinkTask task(ResultSet row, StatementContext context) throws SQLException {
        return new LinkTask(
                new LinkKey(row.getLong("contract_id"), row.getLong("document_id")),
                HoldState.valueOf(row.getString("wanted")),
                row.getLong("generation"));
    }
}
