package bank.platform.db;

/// Data that the database does not take, whatever its state: a NUL in a text, or a key too long for its index.
public final class UnstorableException extends RuntimeException {
    /// @param state SQLSTATE, all that is told of it, for what PostgreSQL says may quote the data
    UnstorableException(String state, Throwable cause) {
        super("the database does not take such data, SQLSTATE " + state, cause);
    }
}
