package bank.platform.events;

import java.time.Instant;

/// An event that a consumer could not work, and that is not tried again by itself.
///
/// @param id its number
/// @param consumer the consumer
/// @param eventId id of the event; the place of the message when it is none
/// @param type type of the event, e.g. `bank.v1.VerificationRequested`; empty when the message is none
/// @param topic topic it was published to
/// @param key its key
/// @param partition partition it was published to
/// @param offset its place there
/// @param attempts how often it was tried
/// @param reason why it failed last, for operators
/// @param heldSince since when its key is held
/// @param waiting later events of the key, which wait for it
/// @param content the message, as text
public record DeadLetter(
        long id,
        String consumer,
        String eventId,
        String type,
        String topic,
        String key,
        int partition,
        long offset,
        int attempts,
        String reason,
        Instant heldSince,
        long waiting,
        String content) {}
