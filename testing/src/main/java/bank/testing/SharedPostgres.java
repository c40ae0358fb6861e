package bank.testing;

import bank.embedded.EmbeddedPostgresServer;
import bank.embedded.PostgresDatabase;
import bank.embedded.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One embedded PostgreSQL for all test classes of a run, gone with its data when the run ends.
final class SharedPostgres implements TestDatabases, AutoCloseable {
    private final Path directory;
    private final EmbeddedPostgresServer server;

    /// @param durable true makes every commit reach the disk, as in production
    SharedPostgres(boolean durable) {
        try {
            directory = Files.createTempDirectory("bank-postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var programs = Path.of("target", "postgres-programs");
        var settings = PostgresSettings.volatileForTests(directory, programs);
        server = EmbeddedPostgresServer.start(
                new PostgresSettings(directory, programs, durable, settings.connectionsMax(), settings.startTimeout()));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop of an abandoned PostgreSQL"));
    }

    @Override
    public PostgresDatabase create(String name) {
        return server.createDatabase(name);
    }

    @Override
    public void drop(String name) {
        server.dropDatabase(name);
    }

    @Override
    public void close() throws IOException {
        server.close();
        TemporaryDirectories.delete(directory);
    }
}
