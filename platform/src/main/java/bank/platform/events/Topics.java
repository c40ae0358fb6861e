package bank.platform.events;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the topics that are not there yet.
public final class Topics {
    private static final Logger log = LoggerFactory.getLogger(Topics.class);
    private static final int SAFE_REPLICAS = 3;
    // Below what the inbox remembers (Events.INBOX_KEPT), so that nothing it forgot comes again.
    private static final Duration RETENTION = Duration.ofDays(7);

    private final KafkaClients clients;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    public Topics(KafkaClients clients) {
        this.clients = clients;
    }

    /// Makes topics with as many partitions as the settings say.
    ///
    /// @param names without the prefix
    /// @throws KafkaException when Kafka cannot be reached
    public void ensure(Collection<String> names) {
        ensure(names, clients.config().partitions());
    }

    /// Makes topics with so many partitions. Those that others may not make, the operator has to.
    ///
    /// @param names without the prefix
    /// @throws KafkaException when Kafka cannot be reached
    void ensure(Collection<String> names, int partitions) {
        make(names, partitions).values().stream().findFirst().ifPresent(failure -> {
            throw failure;
        });
    }

    /// The same as far as it can be done.
    ///
    /// @return why some could not be made
    /// @throws KafkaException when there is no way to Kafka
    Map<String, KafkaException> make(Collection<String> names) {
        return make(names, clients.config().partitions());
    }

    private Map<String, KafkaException> make(Collection<String> names, int partitions) {
        var missing = new HashSet<>(names);
        missing.removeAll(known);
        if (missing.isEmpty()) {
            return Map.of();
        }
        var failures = new HashMap<String, KafkaException>();
        var admin = clients.admin();
        try {
            admin.createTopics(missing.stream()
                            .map(name -> topic(name, partitions))
                            .toList())
                    .values()
                    .forEach((topic, made) -> {
                        var name = clients.bare(topic);
                        await(topic, made)
                                .ifPresentOrElse(failure -> failures.put(name, failure), () -> known.add(name));
                    });
        } finally {
            // At once: whoever stops does not wait for a Kafka that is away.
            admin.close(Duration.ZERO);
        }
        return failures;
    }

    /// Topics that may have been deleted: they are made again at their next use.
    ///
    /// @param names without the prefix
    public void forget(Collection<String> names) {
        known.removeAll(names);
    }

    private NewTopic topic(String name, int partitions) {
        var replicas = clients.config().replicationFactor();
        var topic = new NewTopic(
                clients.prefixed(name),
                Optional.of(partitions),
                replicas.isPresent() ? Optional.of((short) replicas.getAsInt()) : Optional.empty());
        Map<String, String> settings = new HashMap<>();
        settings.put("retention.ms", Long.toString(RETENTION.toMillis()));
        if (replicas.orElse(0) >= SAFE_REPLICAS) {
            settings.put("min.insync.replicas", "2");
        }
        return topic.configs(settings);
    }

    private Optional<KafkaException> await(String name, KafkaFuture<Void> made) {
        try {
            made.get();
            log.info("made the topic {}", name);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TopicExistsException _ -> log.debug("topic {} is there", name);
                case AuthorizationException _ -> {
                    if (refused.add(name)) {
                        log.warn("may not make the topic {}: it has to be there already", name);
                    }
                }
                case null, default -> {
                    return Optional.of(new KafkaException("cannot make the topic " + name, e.getCause()));
                }
            }
        }
        return Optional.empty();
    }
}
