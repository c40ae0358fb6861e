package bank.registry;

import bank.platform.Launcher;
import bank.platform.maintenance.DeadLetterDesk;
import bank.platform.maintenance.DeadLetterDesk.Stores;
import java.time.Clock;
import java.util.List;

/// Runs registry-service by itself, configured by the environment: `BANK_REGISTRY_PORT` and so on, see
/// `RegistryConfig`. Prints `ready HOST:PORT` when it answers. With words on the command line, does to its database
/// what they say (see `DeadLetterCommand`).
public final class Main {
    private Main() {}

    static void main(String[] args) throws InterruptedException {
        if (args.length > 0) {
            System.exit(
                    DeadLetterDesk.run(List.of(args), () -> Stores.of("registry", settings()), System.out, System.err));
        }
        Launcher.run(atStop -> {
            var config = settings();
            var server = RegistryServer.start(config, Clock.systemUTC());
            atStop.accept(server::close);
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        });
    }

    private static RegistryConfig settings() {
        return RegistrySettings.fromEnvironment(System.getenv());
    }
}
