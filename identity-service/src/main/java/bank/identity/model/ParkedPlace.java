package bank.identity.model;

import java.time.Instant;

/// Place in the list of dead letters, the longest parked first.
public record ParkedPlace(Instant parkedAt, long userId) {
    /// The place before the first one.
    public static final ParkedPlace FIRST = new ParkedPlace(Instant.EPOCH, 0);
}
