package bank.platform.events;

import bank.platform.events.OutboxStore.Row;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Sends rows of an outbox to Kafka, for one thread. With the first message that fails, the producer is given up
/// before it can send a later one of the same key.
final class EventPublisher implements AutoCloseable {
    private static final Duration ANSWER_MAX = KafkaClients.DELIVERY_MAX.plusSeconds(10);

    private final KafkaClients clients;
    private final Topics topics;
    private @Nullable KafkaProducer<String, byte[]> producer;

    EventPublisher(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topics = topics;
    }

    /// What became of rows.
    ///
    /// @param published those Kafka has, of each key the first ones
    /// @param failure why it does not have the others; null when it has all
    record Result(List<Row> published, @Nullable Exception failure) {}

    /// Sends rows in their order and waits for what becomes of them.
    Result publish(List<Row> rows) {
        var failure = new AtomicReference<@Nullable Exception>();
        Queue<Row> published = new ConcurrentLinkedQueue<>();
        var answers = new CountDownLatch(rows.size());
        try {
            topics.ensure(rows.stream().map(row -> row.message().topic()).collect(Collectors.toSet()));
            var sending = producer();
            for (var row : rows) {
                var _ = sending.send(message(row), (sent, e) -> {
                    if (e == null) {
                        published.add(row);
                    } else if (failure.compareAndSet(null, e)) {
                        // On the thread that sends: what waits there is not sent any more.
                        sending.close(Duration.ZERO);
                    }
                    answers.countDown();
                });
            }
            sending.flush();
            if (!answers.await(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                failure.compareAndSet(null, new KafkaException("no answer"));
            }
        } catch (KafkaException | IllegalStateException e) {
            // The second is what a producer says that a callback has closed.
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, e);
        }
        if (failure.get() != null) {
            close();
        }
        return new Result(List.copyOf(published), failure.get());
    }

    private KafkaProducer<String, byte[]> producer() {
        var present = producer;
        if (present == null) {
            present = clients.producer();
            producer = present;
        }
        return present;
    }

    private ProducerRecord<String, byte[]> message(Row row) {
        var message = row.message();
        Headers headers = new RecordHeaders();
        message.headers().forEach((name, value) -> headers.add(name, bytes(value)));
        return new ProducerRecord<>(
                clients.prefixed(message.topic()),
                null,
                row.createdAt().toEpochMilli(),
                message.key(),
                message.value().toByteArray(),
                headers);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        var present = producer;
        producer = null;
        if (present != null) {
            // It would not close for somebody who is interrupted.
            var interrupted = Thread.interrupted();
            present.close(Duration.ZERO);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
