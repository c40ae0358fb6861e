package bank.registry;

import bank.platform.Launcher;
import java.time.Clock;

/// Runs registry-service by itself, configured by the environment: `BANK_REGISTRY_PORT` and so on, see
/// `RegistryConfig`. Prints `ready HOST:PORT` when it answers.
public final class Main {
    private Main() {}

    static void main() throws InterruptedException {
        Launcher.run(() -> {
            var config = RegistrySettings.fromEnvironment(System.getenv());
            var server = RegistryServer.start(config, Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "close"));
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        });
    }
}
