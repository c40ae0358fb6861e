package bank.platform.events;

import bank.platform.Launcher;
import bank.platform.db.DatabaseUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets the events of a subscription from Kafka, from their topics and from those of retries, and gives them to the
/// inbox. Where it is, it commits to Kafka after the database: what is worked twice then, the inbox knows.
final class EventConsumer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventConsumer.class);
    private static final Duration POLL_MAX = Duration.ofMillis(500);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);
    private static final Duration LEAVE_MAX = Duration.ofSeconds(3);
    private static final int POLLED_MAX = 200;
    private static final int OUTAGES_TOLD_FROM = 5;

    private final KafkaClients clients;
    private final Topics topics;
    private final Subscription subscription;
    private final RetrySchedule schedule;
    private final Inbox inbox;
    private final Clock clock;
    private final Thread thread;
    private final Backoff backoff = new Backoff();
    private final Map<TopicPartition, Instant> pausedUntil = new HashMap<>();
    private int outages;
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

    EventConsumer(
            KafkaClients clients,
            Topics topics,
            Subscription subscription,
            RetrySchedule schedule,
            Inbox inbox,
            Clock clock) {
        this.clients = clients;
        this.topics = topics;
        this.subscription = subscription;
        this.schedule = schedule;
        this.inbox = inbox;
        this.clock = clock;
        thread = Thread.ofPlatform()
                .name("events-" + subscription.consumer())
                .daemon()
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                consume();
            } catch (WakeupException | InterruptException | InterruptedException e) {
                log.debug("woken", e);
            } catch (KafkaException e) {
                outage(e);
                LockSupport.parkNanos(backoff.next().toNanos());
            } catch (Throwable e) {
                // Whatever it is, a service that stays up goes on consuming.
                log.error("unexpected failure of the consumer {}", subscription.consumer(), e);
                LockSupport.parkNanos(backoff.next().toNanos());
            }
        }
    }

    private void consume() throws InterruptedException {
        var retries = schedule.topics(subscription.consumer());
        topics.ensure(subscription.topics());
        topics.ensure(retries, 1);
        topics.ensure(List.of(RetrySchedule.deadLetterTopic(subscription.consumer())), 1);
        var all = new ArrayList<>(retries);
        all.addAll(subscription.topics());
        pausedUntil.clear();
        try (var made = clients.consumer(subscription.consumer(), POLLED_MAX)) {
            consumer = made;
            made.subscribe(all.stream().map(clients::prefixed).toList(), new Forget());
            while (!closed) {
                resume(made);
                var polled = made.poll(pollTime());
                if (!polled.isEmpty()) {
                    work(made, polled);
                }
            }
        } finally {
            consumer = null;
        }
    }

    private void work(KafkaConsumer<String, byte[]> from, ConsumerRecords<String, byte[]> polled)
            throws InterruptedException {
        var events = new ArrayList<ReceivedEvent>();
        Map<TopicPartition, Long> firsts = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> nexts = new HashMap<>();
        for (var partition : polled.partitions()) {
            var messages = polled.records(partition);
            firsts.put(partition, messages.getFirst().offset());
            for (var message : messages) {
                var wait = take(message, events);
                if (wait != null) {
                    from.seek(partition, message.offset());
                    pause(from, partition, wait);
                    break;
                }
                nexts.put(partition, new OffsetAndMetadata(message.offset() + 1));
            }
        }
        try {
            if (!inbox.work(events)) {
                firsts.forEach(from::seek);
                return;
            }
            backoff.reset();
            outages = 0;
        } catch (DatabaseUnavailableException e) {
            outage(e);
            var until = clock.instant().plus(backoff.next());
            firsts.forEach((partition, offset) -> {
                from.seek(partition, offset);
                pause(from, partition, until);
            });
            return;
        }
        commit(from, nexts);
    }

    /// Reads a message.
    ///
    /// @return when it is due, if it is not yet; null otherwise
    private @Nullable Instant take(ConsumerRecord<String, byte[]> message, List<ReceivedEvent> into) {
        var topic = clients.bare(message.topic());
        if (subscription.topics().contains(topic)) {
            into.add(ReceivedEvent.of(topic, message));
            return null;
        }
        try {
            var event = ReceivedEvent.ofRetry(message);
            if (event.due() != null && event.due().isAfter(clock.instant())) {
                return event.due();
            }
            into.add(event);
        } catch (UnprocessableEventException e) {
            log.warn("skipped a message of {}, offset {}: {}", message.topic(), message.offset(), e.getMessage());
        }
        return null;
    }

    private static void commit(KafkaConsumer<String, byte[]> from, Map<TopicPartition, OffsetAndMetadata> nexts) {
        if (nexts.isEmpty()) {
            return;
        }
        try {
            from.commitSync(nexts);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            log.debug("another has the partitions now", e);
        }
    }

    private void pause(KafkaConsumer<String, byte[]> from, TopicPartition partition, Instant until) {
        from.pause(List.of(partition));
        pausedUntil.put(partition, until);
    }

    private void resume(KafkaConsumer<String, byte[]> from) {
        var now = clock.instant();
        var due = pausedUntil.entrySet().stream()
                .filter(entry -> !entry.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(pausedUntil::remove);
        from.resume(due);
    }

    private Duration pollTime() {
        var now = clock.instant();
        return pausedUntil.values().stream()
                .map(until -> Duration.between(now, until))
                .filter(left -> left.compareTo(POLL_MAX) < 0)
                .min(Duration::compareTo)
                .map(left -> left.isPositive() ? left : Duration.ofMillis(1))
                .orElse(POLL_MAX);
    }

    private void outage(RuntimeException e) {
        outages++;
        if (outages == OUTAGES_TOLD_FROM && !closed) {
            log.warn("the consumer {} waits: {}", subscription.consumer(), Launcher.causes(e));
        } else {
            log.debug("the consumer {} waits", subscription.consumer(), e);
        }
    }

    /// Partitions that go to others are not paused here any more.
    private final class Forget implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(pausedUntil::remove);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            log.debug("{} has {}", subscription.consumer(), partitions);
        }
    }

    @Override
    public void close() {
        closed = true;
        var running = consumer;
        if (running != null) {
            running.wakeup();
        }
        try {
            // Without a consumer it waits for Kafka, and there is nothing to leave.
            if (thread.isAlive() && (running == null || !thread.join(LEAVE_MAX))) {
                thread.interrupt();
                thread.join(CLOSE_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
