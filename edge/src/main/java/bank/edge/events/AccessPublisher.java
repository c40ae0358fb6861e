package bank.edge.events;

import bank.platform.events.CloudEventJson;
import bank.platform.events.EventType;
import bank.platform.events.KafkaClients;
import bank.platform.events.Topics;
import bank.v1.AccessLogged;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives requests to Kafka, which may lose some. For one thread.
public final class AccessPublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AccessPublisher.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);
    private static final String TOPIC =
            EventType.of(AccessLogged.getDescriptor()).topic();
    private static final Set<String> TOPICS = Set.of(TOPIC);
    private static final List<Header> HEADERS = List.of(new RecordHeader(
            CloudEventJson.CONTENT_TYPE_HEADER, CloudEventJson.CONTENT_TYPE.getBytes(StandardCharsets.US_ASCII)));

    private final KafkaClients clients;
    private final Topics topics;
    private final KafkaProducer<String, byte[]> producer;
    private final LongAdder dropped;
    private final AccessEventJson json = new AccessEventJson();
    private final Callback answered;

    /// @param published counts what Kafka has
    /// @param dropped counts what is lost
    public AccessPublisher(KafkaClients clients, LongAdder published, LongAdder dropped) {
        this.clients = clients;
        this.topics = new Topics(clients);
        this.producer = clients.hastyProducer();
        this.dropped = dropped;
        this.answered = (_, failure) -> (failure == null ? published : dropped).increment();
    }

    /// Sends requests; waits a moment for Kafka when it is away.
    void publish(List<AccessEvent> events) {
        var sent = 0;
        try {
            topics.ensure(TOPICS);
            for (var event : events) {
                Future<?> _ = producer.send(record(event), answered);
                sent++;
            }
        } catch (KafkaException e) {
            log.debug("requests are not told", e);
            dropped.add(events.size() - sent);
        }
    }

    private ProducerRecord<String, byte[]> record(AccessEvent event) {
        return new ProducerRecord<>(
                clients.prefixed(TOPIC), null, event.millis(), event.requestId(), json.write(event), HEADERS);
    }

    @Override
    public void close() {
        producer.close(CLOSE_MAX);
    }
}
