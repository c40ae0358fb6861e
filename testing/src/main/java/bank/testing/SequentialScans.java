package bank.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What PostgreSQL reads from end to end, for statements and for the foreign keys they touch.
public final class SequentialScans {
    private SequentialScans() {}

    /// Work in the transaction of a connection.
    @FunctionalInterface
    public interface Work {
        /// Runs its statements.
        void run() throws SQLException;
    }

    /// Names of the tables that the work reads sequentially.
    ///
    /// @param connection in a transaction, in which the work runs
    public static Set<String> during(Connection connection, Work work) {
        try {
            // The counters may hold what earlier transactions of the connection did.
            var before = counters(connection);
            work.run();
            var tables = new TreeSet<String>();
            counters(connection).forEach((table, scans) -> {
                if (scans > before.getOrDefault(table, 0L)) {
                    tables.add(table);
                }
            });
            return tables;
        } catch (SQLException e) {
            throw new AssertionError("cannot tell the scans", e);
        }
    }

    private static Map<String, Long> counters(Connection connection) throws SQLException {
        var counters = new HashMap<String, Long>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT relname, seq_scan FROM pg_stat_xact_user_tables")) {
            while (rows.next()) {
                counters.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counters;
    }
}
