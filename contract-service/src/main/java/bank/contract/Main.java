package bank.contract;

import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import bank.platform.telemetry.Logging;
import java.time.Clock;

/// Runs contract-service by itself, configured by the environment: `BANK_CONTRACT_PORT` and so on, see
/// `ContractConfig`. Prints `ready HOST:PORT` when it answers.
public final class Main {
    private Main() {}

    static void main() throws InterruptedException {
        Logging.bridge();
        try {
            var config = Settings.fromEnvironment(ContractConfig.class, System.getenv());
            var server = ContractServer.start(config, Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "close"));
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        } catch (InvalidSettingsException e) {
            e.problems().forEach(System.err::println);
            System.exit(2);
        }
    }
}
