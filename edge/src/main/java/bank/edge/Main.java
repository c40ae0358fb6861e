package bank.edge;

import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import bank.platform.telemetry.Logging;
import java.time.Clock;

/// Runs the edge alone, configured by the environment.
public final class Main {
    private Main() {}

    /// Starts the edge and waits until it is told to stop.
    public static void main(String[] args) throws InterruptedException {
        Logging.bridge();
        try {
            var config = Settings.fromEnvironment(EdgeConfig.class, System.getenv());
            var server = new EdgeServer(config, Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
            server.start();
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        } catch (InvalidSettingsException e) {
            e.problems().forEach(System.err::println);
            System.exit(2);
        }
    }
}
