package bank.identity;

import bank.platform.Launcher;
import bank.platform.config.Settings;
import java.time.Clock;

/// Runs identity-service alone, configured by the environment (see `IdentityConfig`).
public final class Main {
    private Main() {}

    /// Starts the service, prints `ready 127.0.0.1:PORT`, and ends on SIGTERM.
    public static void main(String[] args) throws InterruptedException {
        Launcher.run(() -> {
            var config = Settings.fromEnvironment(IdentityConfig.class, System.getenv());
            var server = IdentityServer.start(config, Clock.systemUTC(), admin -> admin.print(System.out));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        });
    }
}
