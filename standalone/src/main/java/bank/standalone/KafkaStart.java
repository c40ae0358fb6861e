package bank.standalone;

import bank.embedded.EmbeddedKafkaServer;
import bank.embedded.KafkaSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Kafka, starting beside everything else: no service needs it in order to start.
final class KafkaStart implements AutoCloseable {
    private final int port;
    private final CompletableFuture<EmbeddedKafkaServer> started;

    private KafkaStart(int port, CompletableFuture<EmbeddedKafkaServer> started) {
        this.port = port;
        this.started = started;
    }

    /// Begins, and does not wait.
    static KafkaStart begin(KafkaSettings settings) {
        var port = EmbeddedKafkaServer.choosePort(settings);
        return new KafkaStart(
                port,
                CompletableFuture.supplyAsync(
                        () -> EmbeddedKafkaServer.start(settings, port),
                        work -> Thread.ofPlatform().name("kafka-start").start(work)));
    }

    /// The port it listens on, or will.
    int port() {
        return port;
    }

    /// Waits until it takes messages.
    ///
    /// @throws bank.embedded.EmbeddedServerException when it does not start
    void await() {
        try {
            started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /// Stops it, once it has started.
    @Override
    public void close() {
        started.handle((server, failure) -> server)
                .thenAccept(server -> {
                    if (server != null) {
                        server.close();
                    }
                })
                .join();
    }
}
