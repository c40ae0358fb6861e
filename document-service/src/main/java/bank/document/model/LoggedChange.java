package bank.document.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A change of a document as those who watch are told of it.
///
/// @param position place in the log, without a gap to the one before; 0 while it has none
/// @param documentId number of the document
/// @param userId its owner
/// @param type what happened
/// @param from status before; null for an upload
/// @param to status after; null for a deletion
/// @param version version of the content after it, or the last one
/// @param revision revision of the document after it, or the last one
/// @param actor who did it, e.g. `user:17`
/// @param at when
public record LoggedChange(
        long position,
        long documentId,
        long userId,
        DocumentEvent.Type type,
        @Nullable DocumentStatus from,
        @Nullable DocumentStatus to,
        int version,
        long revision,
        String actor,
        Instant at) {

    /// What happened to a document that stands as it is given.
    ///
    /// @param from status before; null for an upload
    public static LoggedChange of(
            Document document, DocumentEvent.Type type, @Nullable DocumentStatus from, String actor, Instant at) {
        return new LoggedChange(
                0,
                document.id(),
                document.userId(),
                type,
                from,
                type == DocumentEvent.Type.DELETED ? null : document.status(),
                document.content().version(),
                document.revision(),
                actor,
                at);
    }
}
