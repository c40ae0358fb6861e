package bank.identity;

import bank.platform.events.CloudEventJson;
import bank.platform.events.Event;
import bank.platform.events.EventType;
import com.google.protobuf.Message;
import io.cloudevents.CloudEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Topics as another service sees them: it publishes events there and reads those of identity-service.
final class EventTopics implements AutoCloseable {
    private static final Duration MAX = Duration.ofSeconds(60);

    private final String bootstrapServers;
    private final String prefix;
    private final KafkaProducer<String, byte[]> producer;

    /// @param prefix what the names of topics begin with
    EventTopics(String bootstrapServers, String prefix) {
        this.bootstrapServers = bootstrapServers;
        this.prefix = prefix;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) bootstrapServers),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /// Settings of an identity-service that has these topics.
    Map<String, String> settings() {
        return Map.of("bank.identity.kafka.bootstrap-servers", bootstrapServers, "bank.identity.kafka.prefix", prefix);
    }

    /// Publishes an event as registry-service does.
    void publish(Message payload, long version) throws Exception {
        var event = Event.of(payload, version);
        var value = CloudEventJson.write(
                event, URI.create("/registry-service"), Clock.systemUTC().instant(), null, null);
        var message = new ProducerRecord<>(prefix + event.topic(), event.key(), value.toByteArray());
        message.headers()
                .add(
                        CloudEventJson.CONTENT_TYPE_HEADER,
                        CloudEventJson.CONTENT_TYPE.getBytes(StandardCharsets.US_ASCII));
        producer.send(message).get();
    }

    /// An event as it was read.
    ///
    /// @param key key of the message in Kafka
    record Read<M extends Message>(String key, CloudEvent event, M payload) {
        long version() {
            return Long.parseLong(Objects.requireNonNull(event.getExtension("aggregateversion"))
                    .toString());
        }
    }

    /// The first events of a type that pass, in their order; waits until there are as many.
    <M extends Message> List<Read<M>> first(int count, M prototype, Predicate<M> passes) {
        var topic = EventType.of(prototype.getDescriptorForType()).topic();
        var found = new ArrayList<Read<M>>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                        1_000),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var end = System.nanoTime() + MAX.toNanos();
            var partitions = List.<org.apache.kafka.common.TopicPartition>of();
            while (found.size() < count) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("no " + count + " such events in " + topic + ", only " + found);
                }
                if (partitions.isEmpty()) {
                    partitions = consumer.partitionsFor(prefix + topic).stream()
                            .map(info -> new org.apache.kafka.common.TopicPartition(info.topic(), info.partition()))
                            .toList();
                    consumer.assign(partitions);
                    consumer.seekToBeginning(partitions);
                    continue;
                }
                for (var message : consumer.poll(Duration.ofMillis(100))) {
                    var event = CloudEventJson.read(message.headers(), message.value());
                    var payload = CloudEventJson.payload(event, prototype);
                    if (passes.test(payload)) {
                        found.add(new Read<>(message.key(), event, payload));
                    }
                }
            }
        }
        return List.copyOf(found);
    }

    /// The first such event.
    <M extends Message> Read<M> first(M prototype, Predicate<M> passes) {
        return first(1, prototype, passes).getFirst();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
