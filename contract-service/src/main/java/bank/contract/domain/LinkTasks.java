package bank.contract.domain;

import bank.contract.client.HoldClient;
import bank.contract.model.ContractLink;
import bank.contract.model.HoldState;
import bank.contract.model.LinkKey;
import bank.contract.model.LinkTask;
import bank.contract.store.ContractStore;
import bank.contract.store.LinkStore;
import bank.contract.store.LinkTaskStore;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps links and their holds at document-service equal, whatever stops in between.
///
/// A task is written before document-service is told anything, and ends in the transaction that makes
/// the told thing true. One left over means that nobody knows what document-service did; when it falls
/// due, the link decides, and a call of a newer generation settles it: a late call of the older one no
/// longer counts there.
public final class LinkTasks {
    private static final int ROWS_MAX = 100;
    private static final Logger log = LoggerFactory.getLogger(LinkTasks.class);

    private final Database database;
    private final ContractStore contracts;
    private final LinkStore links;
    private final LinkTaskStore store;
    private final HoldClient holds;
    private final Clock clock;
    private final Duration patience;

    /// @param patience how long a task is left to the call that wrote it
    public LinkTasks(
            Database database,
            ContractStore contracts,
            LinkStore links,
            LinkTaskStore store,
            HoldClient holds,
            Clock clock,
            Duration patience) {
        this.database = database;
        this.contracts = contracts;
        this.links = links;
        this.store = store;
        this.holds = holds;
        this.clock = clock;
        this.patience = patience;
    }

    /// Notes that a document is about to be held. The contract is locked.
    LinkTask wantHeld(Tx tx, LinkKey key) {
        var now = clock.instant();
        return store.putHeld(tx, key, now, now.plus(patience));
    }

    /// Notes that a document is about to be released. The contract is locked.
    LinkTask wantReleased(Tx tx, LinkKey key) {
        var now = clock.instant();
        return store.putReleased(tx, key, now, now.plus(patience));
    }

    /// A generation above all before, for a call that leaves nothing behind.
    long generation() {
        return database.read(store::generation);
    }

    /// Ends a task; false when another took its place or it has ended.
    boolean end(Tx tx, LinkKey key, long generation) {
        return store.end(tx, key, generation);
    }

    /// Tells document-service of a revoked link at once. When that fails the job does it later.
    public void release(LinkKey key) {
        try {
            database.read(session -> store.find(session, key))
                    .filter(task -> task.wanted() == HoldState.RELEASED)
                    .ifPresent(this::carryOut);
        } catch (RuntimeException e) {
            log.warn("document {} may stay held by {} until the job mends it", key.documentId(), key.holder(), e);
        }
    }

    /// Settles every task that is due. The first failure ends it: the task in question is due again
    /// later, and those behind it come first in the next run.
    public void mend() {
        for (var due = due(); !due.isEmpty(); due = due()) {
            for (var task : due) {
                renew(task).ifPresent(this::carryOut);
            }
        }
    }

    private List<LinkTask> due() {
        return database.read(session -> store.due(session, clock.instant(), ROWS_MAX));
    }

    private Optional<LinkTask> renew(LinkTask task) {
        return database.inTransaction(tx -> {
            contracts.lock(tx, task.key().contractId());
            var wanted = links.find(tx, task.key())
                    .map(ContractLink::status)
                    .map(HoldState::of)
                    .orElse(HoldState.RELEASED);
            var now = clock.instant();
            return store.renew(tx, task, wanted, now, now.plus(patience));
        });
    }

    private void carryOut(LinkTask task) {
        switch (task.wanted()) {
            case RELEASED -> holds.release(task.key(), task.generation());
            case HELD -> {
                var held = holds.hold(task.key(), task.generation());
                if (held == HoldClient.Held.DOCUMENT_GONE) {
                    log.error(
                            "{} holds document {}, which is gone",
                            task.key().holder(),
                            task.key().documentId());
                }
            }
        }
        database.inTransaction(tx -> store.end(tx, task.key(), task.generation()));
    }
}
