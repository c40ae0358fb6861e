package bank.platform.events;

import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A consumer and what it does with which events.
///
/// ```java
/// Subscription.of("registry-service.verification")
///         .on(VerificationRequested.getDefaultInstance(), verifications::requested)
/// ```
public final class Subscription {
    private final String consumer;
    private final Map<String, Handling<?>> handlings = new LinkedHashMap<>();

    private Subscription(String consumer) {
        this.consumer = consumer;
    }

    /// How the events of a type are worked.
    record Handling<M extends Message>(M prototype, EventHandler<M> handler) {}

    /// A consumer that takes nothing yet.
    ///
    /// @param consumer name of the consumer group, of its topics of retries and dead letters, and in the inbox, the
    ///     same for ever: service and purpose, e.g. `registry-service.verification`
    public static Subscription of(String consumer) {
        if (!consumer.matches("[a-z][a-z0-9.-]{0,99}")) {
            throw new IllegalArgumentException("not a name of a consumer: " + consumer);
        }
        return new Subscription(consumer);
    }

    /// Takes the events of a message as well.
    ///
    /// @param prototype default instance of the message
    public <M extends Message> Subscription on(M prototype, EventHandler<M> handler) {
        handlings.put(prototype.getDescriptorForType().getFullName(), new Handling<>(prototype, handler));
        return this;
    }

    String consumer() {
        return consumer;
    }

    Map<String, Handling<?>> handlings() {
        return handlings;
    }

    /// The topics it takes from, without the prefix.
    Set<String> topics() {
        return handlings.values().stream()
                .map(handling -> EventType.of(handling.prototype().getDescriptorForType())
                        .topic())
                .collect(Collectors.toSet());
    }
}
