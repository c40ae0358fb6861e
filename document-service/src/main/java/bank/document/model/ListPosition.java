package bank.document.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// A place in a list of documents, newest first: after the document uploaded then, with that number.
///
/// @param createdAt when it was uploaded, to the microsecond
/// @param id its number
public record ListPosition(Instant createdAt, long id) {
    /// The position that `toString` wrote.
    public static ListPosition parse(String text) {
        var colon = text.indexOf(':');
        return new ListPosition(
                Instant.EPOCH.plus(Long.parseLong(text.substring(0, colon)), ChronoUnit.MICROS),
                Long.parseLong(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, createdAt) + ":" + id;
    }
}
