package bank.platform.events;

import bank.platform.config.KafkaConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// When and where an event that failed is tried again.
///
/// @param pauses pause after the first failure, the second and so on
public record RetrySchedule(List<Duration> pauses) {
    /// After a second, ten seconds, a minute and ten minutes.
    public static final RetrySchedule DEFAULT = new RetrySchedule(
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10)));

    public RetrySchedule {
        pauses = List.copyOf(pauses);
    }

    /// As the settings say.
    public static RetrySchedule of(KafkaConfig config) {
        return new RetrySchedule(config.retryPauses());
    }

    /// The pause after so many failures, from 1 on; empty when it was tried often enough.
    Optional<Duration> pauseAfter(int attempts) {
        return attempts <= pauses.size() ? Optional.of(pauses.get(attempts - 1)) : Optional.empty();
    }

    /// The topic that an event which failed so often waits in. After 0 failures it does not wait. All in one topic have
    /// the same pause, so that they are due in their order.
    static String topic(String consumer, int attempts) {
        return consumer + ".retry." + attempts;
    }

    /// The topic of events that are not tried again by themselves.
    static String deadLetterTopic(String consumer) {
        return consumer + ".dead-letter";
    }

    /// The topics of retries.
    List<String> topics(String consumer) {
        var topics = new ArrayList<String>();
        for (var attempts = 0; attempts <= pauses.size(); attempts++) {
            topics.add(topic(consumer, attempts));
        }
        return topics;
    }
}
