package bank.document.model;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing that happened to a document (original: Stat).
///
/// @param id number of the event
/// @param type what happened
/// @param actor who did it, e.g. `user:17`
/// @param from status before; null for an upload
/// @param to status after
/// @param version version of the content after it
/// @param comment comment of the employee, or empty
/// @param createdAt when
public record DocumentEvent(
        long id,
        Type type,
        String actor,
        @Nullable DocumentStatus from,
        DocumentStatus to,
        int version,
        String comment,
        Instant createdAt) {

    /// What happened.
    public enum Type {
        /// Uploaded.
        UPLOADED,
        /// Status changed.
        STATUS_CHANGED,
        /// Content replaced by a new version.
        CONTENT_REPLACED,
        /// Deleted; in no history, for that is deleted with the document.
        DELETED;

        /// Name in the database.
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The type of that code.
        public static Type of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }
}
