package bank.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What is asked of a database, as its driver tells it. Opened with `prepareThreshold=0`, it tells each statement each
/// time.
final class Statements {
    private static final Logger driver = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");

    private Statements() {}

    /// What this thread asks meanwhile.
    static List<String> during(Runnable work) {
        var statements = new ArrayList<String>();
        var caller = Thread.currentThread();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord event) {
                if (Thread.currentThread() == caller && event.getMessage().startsWith(" FE=> Parse")) {
                    statements.add(event.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        driver.setUseParentHandlers(false);
        driver.addHandler(handler);
        driver.setLevel(Level.FINEST);
        try {
            work.run();
        } finally {
            driver.setLevel(null);
            driver.removeHandler(handler);
            driver.setUseParentHandlers(true);
        }
        return List.copyOf(statements);
    }
}
