package bank.document;

import bank.platform.Launcher;
import bank.platform.config.Settings;
import java.time.Clock;

/// Runs document-service alone, configured by the environment: `BANK_DOCUMENT_PORT` and so on, see
/// `DocumentConfig`.
public final class Main {
    private Main() {}

    /// Starts the service, prints `ready HOST:PORT` when it answers, and ends on SIGTERM.
    public static void main(String[] args) throws InterruptedException {
        Launcher.run(() -> {
            var config = Settings.fromEnvironment(DocumentConfig.class, System.getenv());
            var server = DocumentServer.start(config, Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        });
    }
}
