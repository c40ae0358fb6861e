package bank.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads a topic from its beginning, once it is there.
public final class TopicReader implements AutoCloseable {
    private static final Duration MAX = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String topic;
    private final List<ConsumerRecord<String, byte[]>> read = new ArrayList<>();

    /// @param topic name of the topic, with its prefix
    public TopicReader(String servers, String topic) {
        this.topic = topic;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /// The first messages, in the order of their partitions.
    ///
    /// @param count how many there must be at least
    /// @throws AssertionError when there are not so many in time
    public List<ConsumerRecord<String, byte[]>> first(int count) {
        Eventually.holds(count + " messages in " + topic, MAX, () -> {
            assign();
            if (!consumer.assignment().isEmpty()) {
                consumer.poll(POLL).forEach(read::add);
            }
            return read.size() >= count;
        });
        return List.copyOf(read);
    }

    /// All messages there are by now, in the order of their partitions.
    ///
    /// @throws AssertionError when they cannot be read in time
    public List<ConsumerRecord<String, byte[]>> all() {
        Eventually.holds(topic + " is there", MAX, () -> {
            assign();
            return !consumer.assignment().isEmpty();
        });
        var ends = consumer.endOffsets(consumer.assignment());
        Eventually.holds("the end of " + topic, MAX, () -> {
            consumer.poll(POLL).forEach(read::add);
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        });
        return List.copyOf(read);
    }

    private void assign() {
        if (consumer.assignment().isEmpty()) {
            var partitions = consumer.listTopics().getOrDefault(topic, List.of()).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
