package bank.edge;

import bank.platform.Launcher;
import bank.platform.config.Settings;
import java.time.Clock;
import java.util.concurrent.CompletionException;

/// Runs the edge alone, configured by the environment.
public final class Main {
    private Main() {}

    /// Starts the edge and waits until it is told to stop.
    public static void main(String[] args) throws InterruptedException {
        // What Armeria takes buffers from beside connections; see Connections.BUFFERS.
        System.getProperties().putIfAbsent("io.netty.allocator.type", "pooled");
        Launcher.run(atStop -> {
            var config = Settings.fromEnvironment(EdgeConfig.class, System.getenv());
            var server = new EdgeServer(config, Clock.systemUTC());
            atStop.accept(server::close);
            try {
                server.start();
            } catch (CompletionException e) {
                throw new IllegalStateException(
                        "cannot listen on " + config.host() + ":" + config.port(), e.getCause());
            }
            System.out.println("ready " + config.host() + ":" + server.port());
            server.awaitTermination();
        });
    }
}
