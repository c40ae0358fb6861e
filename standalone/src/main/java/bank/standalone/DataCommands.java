package bank.standalone;

import bank.embedded.DirectoryLock;
import bank.embedded.EmbeddedPostgresServer;
import bank.embedded.EmbeddedServerException;
import bank.embedded.PostgresDatabase;
import bank.embedded.PostgresSettings;
import bank.identity.Command;
import bank.identity.IdentityConfig;
import bank.identity.Maintenance;
import bank.platform.config.Settings;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/// Runs commands of identity-service on its database in a data directory: beside whoever runs it, or else with a
/// PostgreSQL started for the while.
final class DataCommands {
    private static final String DATABASE = "identity";

    private final Path data;

    DataCommands(Path data) {
        this.data = data;
    }

    /// Runs a command.
    ///
    /// @return exit code for the process
    int run(Command command, PrintStream out, PrintStream err) {
        if (command instanceof Command.Help) {
            out.println("Usage: ./bank audit|keys … [--data DIR]\n\n" + Command.HELP);
            return Maintenance.DONE;
        }
        try {
            if (!Files.isDirectory(data.resolve("postgres/data"))) {
                throw new EmbeddedServerException("nothing was ever started in " + data);
            }
            return DirectoryLock.held(data) ? beside(command, out, err) : alone(command, out, err);
        } catch (EmbeddedServerException e) {
            err.println("bank: " + e.getMessage());
            return Maintenance.FAILED;
        }
    }

    private int beside(Command command, PrintStream out, PrintStream err) {
        var home = DataDirectory.used(data);
        var database = EmbeddedPostgresServer.running(PostgresSettings.durable(home.postgres()), DATABASE)
                .orElseThrow(() -> new EmbeddedServerException(
                        "another process uses " + data + ", but its PostgreSQL does not answer yet: try again"));
        return run(command, home, database, out, err);
    }

    private int alone(Command command, PrintStream out, PrintStream err) {
        try (var home = DataDirectory.open(data);
                var postgres = EmbeddedPostgresServer.start(PostgresSettings.durable(home.postgres()))) {
            return run(command, home, postgres.createDatabase(DATABASE), out, err);
        }
    }

    private static int run(
            Command command, DataDirectory home, PostgresDatabase database, PrintStream out, PrintStream err) {
        var settings = Map.of(
                "bank.identity.port", "0",
                "bank.identity.database.url", database.jdbcUrl(),
                "bank.identity.database.user", database.user(),
                "bank.identity.database.password", database.password(),
                "bank.identity.database.connections-max", "2",
                "bank.identity.tokens.issuer", Wiring.issuer(0),
                // No command asks Kafka for anything.
                "bank.identity.kafka.bootstrap-servers", "127.0.0.1:9",
                "bank.identity.key-encryption-key", home.key("key-encryption-key"));
        return Maintenance.run(command, () -> Settings.of(IdentityConfig.class, settings), Clock.systemUTC(), out, err);
    }
}
