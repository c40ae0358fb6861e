package bank.standalone;

import bank.embedded.DirectoryLock;
import bank.embedded.EmbeddedPostgresServer;
import bank.embedded.EmbeddedServerException;
import bank.embedded.PostgresDatabase;
import bank.embedded.PostgresSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;

/// The databases in a data directory: beside whoever runs them, or else with a PostgreSQL started for the while.
final class StoredDatabases {
    private final Path data;

    StoredDatabases(Path data) {
        this.data = data;
    }

    /// Does something to them.
    ///
    /// @param work gets the directory, and finds a database by its name
    /// @return what the work returns
    /// @throws EmbeddedServerException when they cannot be had
    int use(ToIntBiFunction<DataDirectory, Function<String, PostgresDatabase>> work) {
        if (!Files.isDirectory(data.resolve("postgres/data"))) {
            throw new EmbeddedServerException("nothing was ever started in " + data);
        }
        return DirectoryLock.held(data) ? beside(work) : alone(work);
    }

    private int beside(ToIntBiFunction<DataDirectory, Function<String, PostgresDatabase>> work) {
        var home = DataDirectory.used(data);
        var settings = PostgresSettings.durable(home.postgres());
        return work.applyAsInt(
                home,
                name -> EmbeddedPostgresServer.running(settings, name)
                        .orElseThrow(() -> new EmbeddedServerException("another process uses " + data
                                + ", but its PostgreSQL does not answer yet: try again")));
    }

    private int alone(ToIntBiFunction<DataDirectory, Function<String, PostgresDatabase>> work) {
        try (var home = DataDirectory.open(data);
                var postgres = EmbeddedPostgresServer.start(PostgresSettings.durable(home.postgres()))) {
            return work.applyAsInt(home, postgres::createDatabase);
        }
    }
}
