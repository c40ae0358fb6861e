package bank.platform.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of an event beside what it says.
///
/// @param id id of the event, one with its source; a UUID (version 7) when it is the bank's
/// @param source who published it, e.g. `/identity-service`
/// @param topic topic it was published to, without the installation's prefix
/// @param key id of what it is about
/// @param version version of that
/// @param time when it happened
/// @param requestId id of the request it came of; null when there was none
/// @param traceparent trace it belongs to (W3C); null when there is none
/// @param attempt how often it was tried, this time included
public record EventContext(
        String id,
        String source,
        String topic,
        String key,
        long version,
        Instant time,
        @Nullable String requestId,
        @Nullable String traceparent,
        int attempt) {}
