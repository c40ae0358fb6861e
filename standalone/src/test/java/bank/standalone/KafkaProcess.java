package bank.standalone;

import bank.embedded.EmbeddedKafkaServer;
import bank.embedded.KafkaSettings;
import java.nio.file.Path;

/// A Kafka in a process of its own, which a test can kill.
final class KafkaProcess {
    private KafkaProcess() {}

    /// @param arguments its directory and its port
    public static void main(String[] arguments) throws InterruptedException {
        var settings = new KafkaSettings(Path.of(arguments[0]), Integer.parseInt(arguments[1]), false);
        try (var kafka = EmbeddedKafkaServer.start(settings)) {
            System.out.println("ready " + kafka.bootstrapServers());
            Thread.currentThread().join();
        }
    }
}
