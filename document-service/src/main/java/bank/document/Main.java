package bank.document;

import bank.platform.Launcher;
import bank.platform.config.Settings;
import bank.platform.maintenance.DeadLetterDesk;
import bank.platform.maintenance.DeadLetterDesk.Stores;
import java.time.Clock;
import java.util.List;

/// Runs document-service alone, configured by the environment: `BANK_DOCUMENT_PORT` and so on, see
/// `DocumentConfig`. With words on the command line, does to its database what they say (see `DeadLetterCommand`).
public final class Main {
    private Main() {}

    /// Starts the service, prints `ready HOST:PORT` when it answers, and ends on SIGTERM.
    public static void main(String[] args) throws InterruptedException {
        if (args.length > 0) {
            System.exit(
                    DeadLetterDesk.run(List.of(args), () -> Stores.of("document", settings()), System.out, System.err));
        }
        Launcher.run(atStop -> {
            var config = settings();
            var server = DocumentServer.start(config, Clock.systemUTC());
            atStop.accept(server::close);
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        });
    }

    private static DocumentConfig settings() {
        return Settings.fromEnvironment(DocumentConfig.class, System.getenv());
    }
}
