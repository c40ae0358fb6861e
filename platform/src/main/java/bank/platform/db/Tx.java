package bank.platform.db;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// A running transaction. Exists only inside `Database.inTransaction`; every write demands one.
public final class Tx extends Session {
    private final Set<Runnable> afterCommit = new LinkedHashSet<>();
    private boolean rollback;

    Tx(Handle handle) {
        super(handle);
    }

    /// Lets the transaction end without effect although its work succeeds: a dry run.
    public void rollbackAtEnd() {
        rollback = true;
    }

    /// Runs something once the transaction has committed, and not if it does not: to tell others of what is there now.
    /// It must neither wait nor throw. Given twice, it runs once.
    public void afterCommit(Runnable work) {
        afterCommit.add(work);
    }

    void committed() {
        afterCommit.forEach(Runnable::run);
    }

    boolean rollsBack() {
        return rollback;
    }
}
