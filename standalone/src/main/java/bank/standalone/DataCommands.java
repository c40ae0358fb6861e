package bank.standalone;

import bank.embedded.EmbeddedServerException;
import bank.embedded.PostgresDatabase;
import bank.identity.Command;
import bank.identity.IdentityConfig;
import bank.identity.Maintenance;
import bank.platform.config.Settings;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/// Runs commands of identity-service on its database in a data directory.
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
            return new StoredDatabases(data)
                    .use((home, databases) -> run(command, home, databases.apply(DATABASE), out, err));
        } catch (EmbeddedServerException e) {
            err.println("bank: " + e.getMessage());
            return Maintenance.FAILED;
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
