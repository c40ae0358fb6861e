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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives requests to Kafka, which may lose some. For one thread.
public final class AccessPublisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AccessPublisher.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String TOPIC =
            EventType.of(AccessLogged.getDescriptor()).topic();
    private static final Set<String> TOPICS = Set.of(TOPIC);
    private static final List<Header> HEADERS = List.of(new RecordHeader(
            CloudEventJson.CONTENT_TYPE_HEADER, CloudEventJson.CONTENT_TYPE.getBytes(StandardCharsets.US_ASCII)));

    private final KafkaClients clients;
    private final Topics topics;
    private final LongAdder dropped;
    private final AccessEventJson json = new AccessEventJson();
    private final Callback answered;
    private @Nullable KafkaProducer<String, byte[]> producer;
    private long restsUntil = System.nanoTime();

    /// @param published counts what Kafka has
    /// @param dropped counts what is lost
    public AccessPublisher(KafkaClients clients, LongAdder published, LongAdder dropped) {
        this.clients = clients;
        this.topics = new Topics(clients);
        this.dropped = dropped;
        this.answered = (_, failure) -> {
            (failure == null ? published : dropped).increment();
            if (failure != null) {
                topics.forget(TOPICS);
            }
        };
    }

    /// Sends requests; waits a moment for Kafka when it is away. What comes in the pause after a failure is dropped.
    void publish(List<AccessEvent> events) {
        if (System.nanoTime() - restsUntil < 0) {
            dropped.add(events.size());
            return;
        }
        var sent = 0;
        try {
            topics.ensure(TOPICS);
            var sending = producer();
            for (var event : events) {
                Future<?> _ = sending.send(record(event), answered);
                sent++;
            }
        } catch (KafkaException e) {
            log.debug("requests are not told", e);
            dropped.add(events.size() - sent);
            restsUntil = System.nanoTime() + PAUSE.toNanos();
        }
    }

    /// Not made before it is needed: there is none while no name of a broker can be resolved.
    private KafkaProducer<String, byte[]> producer() {
        var present = producer;
        if (present == null) {
            present = clients.hastyProducer();
            producer = present;
        }
        return present;
    }

    private ProducerRecord<String, byte[]> record(AccessEvent event) {
        return new ProducerRecord<>(
                clients.prefixed(TOPIC), null, event.millis(), event.requestId(), json.write(event), HEADERS);
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE_MAX);
        }
    }
}
