package bank.document.model;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A document.
///
/// @param id number, above zero
/// @param userId owner
/// @param description what it is, in its owner's words
/// @param category category
/// @param status status
/// @param workerId employee who set the status last
/// @param actualDate first day in force
/// @param actualEndDate last day in force
/// @param planMaturityDate day by which processing is planned to end
/// @param factMaturityDate day on which processing ended
/// @param content newest version of its content
/// @param createdAt when it was uploaded
/// @param revision counts the changes of its data, from 1
public record Document(
        long id,
        long userId,
        String description,
        Category category,
        DocumentStatus status,
        @Nullable Long workerId,
        @Nullable LocalDate actualDate,
        @Nullable LocalDate actualEndDate,
        @Nullable LocalDate planMaturityDate,
        @Nullable LocalDate factMaturityDate,
        ContentVersion content,
        Instant createdAt,
        long revision) {

    /// Entity tag of its data.
    public String etag() {
        return Long.toString(revision);
    }

    /// The same under its number.
    public Document withId(long number) {
        return new Document(
                number,
                userId,
                description,
                category,
                status,
                workerId,
                actualDate,
                actualEndDate,
                planMaturityDate,
                factMaturityDate,
                content,
                createdAt,
                revision);
    }

    /// The same, told differently: the next revision.
    public Document withDetails(
            String newDescription,
            Category newCategory,
            @Nullable LocalDate newActualDate,
            @Nullable LocalDate newActualEndDate) {
        return new Document(
                id,
                userId,
                newDescription,
                newCategory,
                status,
                workerId,
                newActualDate,
                newActualEndDate,
                planMaturityDate,
                factMaturityDate,
                content,
                createdAt,
                revision + 1);
    }

    /// The same with a new content, waiting for processing again: the next revision.
    public Document withContent(ContentVersion newContent) {
        return new Document(
                id,
                userId,
                description,
                category,
                DocumentStatus.PENDING,
                workerId,
                actualDate,
                actualEndDate,
                planMaturityDate,
                null,
                newContent,
                createdAt,
                revision + 1);
    }

    /// The same in another status: the next revision.
    ///
    /// @param worker employee who set it
    /// @param plan day by which processing is planned to end
    /// @param fact day on which it ended
    public Document withStatus(
            DocumentStatus newStatus, long worker, @Nullable LocalDate plan, @Nullable LocalDate fact) {
        return new Document(
                id,
                userId,
                description,
                category,
                newStatus,
                worker,
                actualDate,
                actualEndDate,
                plan,
                fact,
                content,
                createdAt,
                revision + 1);
    }
}
