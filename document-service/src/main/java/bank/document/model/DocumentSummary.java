package bank.document.model;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A document as lists show it.
///
/// @param id number
/// @param userId owner
/// @param description what it is
/// @param category Russian name of the category
/// @param status status
/// @param workerId employee who set the status last
/// @param planMaturityDate day by which processing is planned to end
/// @param createdAt when it was uploaded
public record DocumentSummary(
        long id,
        long userId,
        String description,
        String category,
        DocumentStatus status,
        @Nullable Long workerId,
        @Nullable LocalDate planMaturityDate,
        Instant createdAt) {

    /// Its place in a list.
    public ListPosition position() {
        return new ListPosition(createdAt, id);
    }
}
