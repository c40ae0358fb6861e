package bank.document.model;

import java.util.Locale;

/// Status of a document, and what it allows.
public enum DocumentStatus {
    /// Waits for processing.
    PENDING,
    /// Being processed.
    PROCESSING,
    /// Processing ended: approved.
    APPROVED,
    /// Processing ended: processed.
    PROCESSED,
    /// Processing ended: turned down.
    REJECTED,
    /// The owner must look at it again.
    REQUIRES_REVIEW,
    /// Put away.
    ARCHIVED;

    /// Staff may move a document from this status to the next.
    public boolean mayBecome(DocumentStatus next) {
        return switch (this) {
            case PENDING, REQUIRES_REVIEW -> next == PROCESSING;
            case PROCESSING -> next.endsProcessing() || next == REQUIRES_REVIEW;
            case APPROVED, PROCESSED, REJECTED -> next == ARCHIVED;
            case ARCHIVED -> false;
        };
    }

    /// Reaching it ends the processing: the day is written down.
    public boolean endsProcessing() {
        return this == APPROVED || this == PROCESSED || this == REJECTED;
    }

    /// A document in it may be deleted.
    public boolean allowsDeletion() {
        return this == PENDING || this == REJECTED;
    }

    /// The owner may replace the content of a document in it.
    public boolean allowsReplacement() {
        return this == PENDING || this == REJECTED || this == REQUIRES_REVIEW;
    }

    /// Name in the database and in messages, e.g. `requires_review`.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The status of that code.
    ///
    /// @throws IllegalArgumentException when there is none
    public static DocumentStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
