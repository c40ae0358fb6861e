package bank.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A producer and a consumer of Kafka with nothing around them: messages as long as an event, acknowledged by all
/// replicas, offsets committed after each poll.
final class BareKafka {
    private static final int BYTES = 520;
    private static final int KEYS = 500;
    private static final int PARTITIONS = 6;

    private final String servers;
    private final String topic;

    BareKafka(String servers, String topic) {
        this.servers = servers;
        this.topic = topic;
    }

    /// @param perSecond messages consumed in a second, of as many as can be sent
    /// @param p99Millis delay at a calm pace
    record Figures(double perSecond, double p99Millis) {}

    Figures run(int count, int calmPerSecond) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        try (var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", (Object) servers, "acks", "all", "linger.ms", 0),
                        new StringSerializer(),
                        new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                (Object) servers,
                                "group.id",
                                topic,
                                "auto.offset.reset",
                                "earliest",
                                "enable.auto.commit",
                                false),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            // A new partition that refuses the first of several batches under way, and takes the next, is never right
            // again.
            for (var partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>(topic, partition, "", new byte[0]))
                        .get();
            }
            consumer.subscribe(List.of(topic));
            var begin = System.nanoTime();
            for (var n = 0; n < count; n++) {
                send(producer, n);
            }
            receive(consumer, new long[count], count);
            var perSecond = count / ((System.nanoTime() - begin) / 1e9);

            var calm = Math.min(count, calmPerSecond * 10);
            var delays = new long[calm];
            var sender = Thread.ofPlatform().start(() -> {
                for (var n = 0; n < calm; n++) {
                    var next = System.nanoTime() + 1_000_000_000L / calmPerSecond;
                    send(producer, n);
                    while (System.nanoTime() < next) {
                        Thread.onSpinWait();
                    }
                }
            });
            receive(consumer, delays, calm);
            sender.join();
            var sorted = LongStream.of(delays).sorted().toArray();
            return new Figures(perSecond, sorted[(int) (calm * 0.99)] / 1e6);
        }
    }

    private void send(KafkaProducer<String, byte[]> producer, int n) {
        var message = ByteBuffer.allocate(BYTES).putInt(n).putLong(System.nanoTime());
        var key = Long.toString(ThreadLocalRandom.current().nextLong(1, KEYS + 1));
        var _ = producer.send(new ProducerRecord<>(topic, key, message.array()));
    }

    private static void receive(KafkaConsumer<String, byte[]> consumer, long[] delays, int count) {
        for (var received = 0; received < count; ) {
            var polled = consumer.poll(Duration.ofMillis(200));
            var now = System.nanoTime();
            for (var message : polled) {
                var content = ByteBuffer.wrap(message.value());
                if (content.hasRemaining()) {
                    delays[content.getInt()] = now - content.getLong();
                    received++;
                }
            }
            consumer.commitSync();
        }
    }
}
