package bank.standalone;

import bank.embedded.EmbeddedServerException;
import bank.embedded.PostgresDatabase;
import bank.platform.config.KafkaConfig;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.config.Settings;
import bank.platform.maintenance.DeadLetterCommand;
import bank.platform.maintenance.DeadLetterDesk;
import bank.platform.maintenance.DeadLetterDesk.Stores;
import bank.standalone.CommandLine.Letters;
import io.smallrye.config.ConfigMapping;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/// Does what is wanted of the dead letters in a data directory, of one service or of all that consume events.
final class DeadLettersCommand {
    /// Services that consume events, as their databases are called.
    static final List<String> SERVICES = List.of("identity", "document", "registry");

    private final Letters command;

    DeadLettersCommand(Letters command) {
        this.command = command;
    }

    /// Settings of one of them.
    @ConfigMapping(prefix = "bank.letters")
    public interface LettersConfig {
        /// Its database.
        DatabaseConfig database();

        /// Kafka, which is not asked for anything.
        KafkaConfig kafka();
    }

    /// Does it.
    ///
    /// @return exit code for the process
    int run(PrintStream out, PrintStream err) {
        if (command.words() instanceof DeadLetterCommand.Help) {
            out.println(CommandLine.DEAD_LETTERS_HELP);
            return DeadLetterDesk.DONE;
        }
        try {
            return new StoredDatabases(command.data()).use((_, databases) -> {
                var code = DeadLetterDesk.DONE;
                for (var service : command.services()) {
                    if (command.services().size() > 1) {
                        out.println(service + ":");
                    }
                    var stores = stores(service, databases.apply(service));
                    code = Math.max(code, DeadLetterDesk.run(command.words(), () -> stores, out, err));
                }
                return code;
            });
        } catch (EmbeddedServerException e) {
            err.println("bank: " + e.getMessage());
            return DeadLetterDesk.FAILED;
        }
    }

    private static Stores stores(String service, PostgresDatabase database) {
        var settings = Map.of(
                "bank.letters.database.url", database.jdbcUrl(),
                "bank.letters.database.user", database.user(),
                "bank.letters.database.password", database.password(),
                "bank.letters.database.connections-max", "2");
        var config = Settings.of(LettersConfig.class, settings);
        return new Stores(service, config.database(), config.kafka());
    }
}
