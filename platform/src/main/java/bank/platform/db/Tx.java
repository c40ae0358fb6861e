package bank.platform.db;

import org.jdbi.v3.core.Handle;

/// A running transaction. Exists only inside `Database.inTransaction`; every write demands one.
public final class Tx extends Session {
    private boolean rollback;

    Tx(Handle handle) {
        super(handle);
    }

    /// Lets the transaction end without effect although its work succeeds: a dry run.
    public void rollbackAtEnd() {
        rollback = true;
    }

    boolean rollsBack() {
        return rollback;
    }
}
