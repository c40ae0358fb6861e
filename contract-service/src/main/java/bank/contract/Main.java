package bank.contract;

import bank.platform.Launcher;
import bank.platform.config.Settings;
import java.time.Clock;

/// Runs contract-service by itself, configured by the environment: `BANK_CONTRACT_PORT` and so on, see
/// `ContractConfig`. Prints `ready HOST:PORT` when it answers.
public final class Main {
    private Main() {}

    static void main() throws InterruptedException {
        Launcher.run(atStop -> {
            var config = Settings.fromEnvironment(ContractConfig.class, System.getenv());
            var server = ContractServer.start(config, Clock.systemUTC());
            atStop.accept(server::close);
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        });
    }
}
