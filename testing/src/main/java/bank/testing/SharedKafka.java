package bank.testing;

import bank.embedded.EmbeddedKafkaServer;
import bank.embedded.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One embedded Kafka for all test classes of a run, gone with its data when the run ends.
final class SharedKafka implements AutoCloseable {
    private final Path directory;
    private final EmbeddedKafkaServer server;

    SharedKafka() {
        try {
            directory = Files.createTempDirectory("bank-kafka");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = EmbeddedKafkaServer.start(KafkaSettings.volatileForTests(directory));
    }

    EmbeddedKafkaServer server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        server.close();
        TemporaryDirectories.delete(directory);
    }
}
