package bank.platform.db;

import org.jdbi.v3.core.Handle;

/// A connection to read with. Writes need a `Tx`.
public sealed class Session permits Tx {
    private final Handle handle;

    Session(Handle handle) {
        this.handle = handle;
    }

    /// Runs SQL.
    public Handle sql() {
        return handle;
    }
}
