package bank.identity.model;

import java.time.Instant;
import java.util.UUID;

/// A sign-in that has not ended.
///
/// @param origin where it was opened from
/// @param lastUsedAt when it last gave an access token
public record OpenSession(
        UUID id, String clientId, String clientName, Origin origin, Instant createdAt, Instant lastUsedAt) {
    /// Its place in a list, the newest first.
    public Place place() {
        return new Place(createdAt, id);
    }

    /// A place in a list: that of a session opened then.
    public record Place(Instant createdAt, UUID id) {
        /// Before every session.
        public static final Place FIRST = new Place(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1, -1));
    }
}
