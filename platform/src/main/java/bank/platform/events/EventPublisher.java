package bank.platform.events;

import bank.platform.events.OutboxStore.Row;
import bank.platform.events.Setbacks.Part;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
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
    /// @param failed parts whose rows failed, the others of which were not tried
    /// @param failure why it does not have the others; null when it has all
    record Result(
            List<Row> published, Set<Part> failed, @Nullable Exception failure) {

        /// Kafka can be reached, and it is these rows that it does not take.
        boolean onlySome() {
            return failure != null && (!published.isEmpty() || refused(failure) || refused(failure.getCause()));
        }

        private static boolean refused(@Nullable Throwable failure) {
            return failure instanceof RecordTooLargeException
                    || failure instanceof InvalidRecordException
                    || failure instanceof TopicAuthorizationException
                    || failure instanceof InvalidTopicException
                    || failure instanceof PolicyViolationException;
        }
    }

    /// Sends rows in their order and waits for what becomes of them. Those of topics that cannot be made stay.
    Result publish(List<Row> rows) {
        var names = rows.stream().map(row -> row.message().topic()).collect(Collectors.toSet());
        Map<String, KafkaException> unmade;
        try {
            unmade = topics.make(names);
        } catch (KafkaException e) {
            return new Result(List.of(), Set.of(), e);
        }
        var sent = send(rows.stream()
                .filter(row -> !unmade.containsKey(row.message().topic()))
                .toList());
        if (sent.failure() != null) {
            topics.forget(names);
        }
        if (unmade.isEmpty()) {
            return sent;
        }
        var failed = new HashSet<>(sent.failed());
        rows.stream().filter(row -> unmade.containsKey(row.message().topic())).forEach(row -> failed.add(part(row)));
        return new Result(
                sent.published(),
                failed,
                sent.failure() != null
                        ? sent.failure()
                        : unmade.values().iterator().next());
    }

    private static Part part(Row row) {
        return new Part(row.lane(), row.message().topic());
    }

    private Result send(List<Row> rows) {
        if (rows.isEmpty()) {
            return new Result(List.of(), Set.of(), null);
        }
        var failure = new AtomicReference<@Nullable Exception>();
        Set<Part> failed = ConcurrentHashMap.newKeySet();
        Queue<Row> published = new ConcurrentLinkedQueue<>();
        var answers = new CountDownLatch(rows.size());
        try {
            var sending = producer();
            for (var row : rows) {
                var _ = sending.send(message(row), (sent, e) -> {
                    if (e == null) {
                        published.add(row);
                    } else if (failure.compareAndSet(null, e)) {
                        failed.add(part(row));
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
        return new Result(List.copyOf(published), Set.copyOf(failed), failure.get());
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
