package bank.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.embedded.EmbeddedKafkaServer;
import bank.embedded.EmbeddedServerException;
import bank.embedded.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final Duration MAX = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /// Runs Kafka in a process of its own.
    public static final class KafkaMain {
        private KafkaMain() {}

        public static void main(String[] arguments) throws InterruptedException {
            var server = EmbeddedKafkaServer.start(KafkaSettings.durable(Path.of(arguments[0])));
            System.out.println("ready " + server.port());
            Thread.currentThread().join();
        }
    }

    @Test
    void keepsWhatItAcknowledgedAndItsPortThroughAKill() throws Exception {
        int port;
        try (var killed =
                ServiceProcess.ofMain(KafkaMain.class, directory.toString()).start()) {
            port = port(killed);
            try (var admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get();
            }
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", (Object) ("127.0.0.1:" + port)),
                    new StringSerializer(),
                    new StringSerializer())) {
                producer.send(new ProducerRecord<>("kept", "key", "привет")).get();
            }
            killed.kill();
        }
        try (var again =
                ServiceProcess.ofMain(KafkaMain.class, directory.toString()).start()) {
            assertThat(port(again)).isEqualTo(port);
            assertThat(first("127.0.0.1:" + port, "kept")).hasValue("привет");
        }
    }

    private static int port(ServiceProcess process) {
        return Integer.parseInt(
                process.awaitLine(line -> line.startsWith("ready "), MAX).substring(6));
    }

    private static Optional<String> first(String servers, String topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", (Object) servers), new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = System.nanoTime() + MAX.toNanos();
            while (System.nanoTime() < end) {
                for (var message : consumer.poll(Duration.ofMillis(200))) {
                    return Optional.of(message.value());
                }
            }
            return Optional.empty();
        }
    }

    @Test
    void refusesADirectoryInUse() {
        try (var server = EmbeddedKafkaServer.start(KafkaSettings.volatileForTests(directory))) {
            assertThat(server.bootstrapServers()).isEqualTo("127.0.0.1:" + server.port());
            assertThatExceptionOfType(EmbeddedServerException.class)
                    .isThrownBy(() -> EmbeddedKafkaServer.start(KafkaSettings.volatileForTests(directory)))
                    .withMessageContaining("in use");
        }
    }
}
