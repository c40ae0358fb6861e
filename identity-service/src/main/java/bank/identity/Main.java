package bank.identity;

import bank.identity.Command.UsageException;
import bank.platform.Launcher;
import bank.platform.config.Settings;
import bank.platform.maintenance.DeadLetterCommand;
import bank.platform.maintenance.DeadLetterDesk;
import bank.platform.maintenance.DeadLetterDesk.Stores;
import bank.platform.telemetry.Logging;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/// Runs identity-service alone, configured by the environment (see `IdentityConfig`); with words on the command line,
/// does to its database what they say (see `Command` and `DeadLetterCommand`).
public final class Main {
    private Main() {}

    /// Starts the service, prints `ready 127.0.0.1:PORT`, and ends on SIGTERM. Or runs a command.
    public static void main(String[] args) throws InterruptedException {
        Supplier<IdentityConfig> config = () -> Settings.fromEnvironment(IdentityConfig.class, System.getenv());
        if (args.length > 0) {
            System.exit(command(List.of(args), config));
        }
        Launcher.run(atStop -> {
            var settings = config.get();
            var server = IdentityServer.start(settings, Clock.systemUTC(), admin -> admin.print(System.out));
            atStop.accept(server::close);
            System.out.println("ready " + settings.host() + ":" + server.port());
            server.awaitTermination();
        });
    }

    private static int command(List<String> words, Supplier<IdentityConfig> config) {
        try {
            if (words.getFirst().equals(DeadLetterCommand.NAME)) {
                return DeadLetterDesk.run(words, () -> Stores.of("identity", config.get()), System.out, System.err);
            }
            var command = Command.parse(words);
            Logging.warningsAlone();
            return Maintenance.run(command, config, Clock.systemUTC(), System.out, System.err);
        } catch (UsageException e) {
            System.err.println(e.getMessage() + " (see --help)");
            return Maintenance.FAILED;
        }
    }
}
