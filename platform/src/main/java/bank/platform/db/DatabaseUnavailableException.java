package bank.platform.db;

/// The database cannot be reached or takes no more work now.
public final class DatabaseUnavailableException extends RuntimeException {
    DatabaseUnavailableException(Throwable cause) {
        super("database unavailable", cause);
    }
}
