package bank.document.domain;

import bank.document.events.DocumentEvents;
import bank.document.model.Document;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentStatus;
import bank.document.model.LoggedChange;
import bank.document.store.DocumentLogStore;
import bank.document.store.DocumentStore;
import bank.platform.auth.Principal;
import bank.platform.db.Tx;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Writes down what happens to documents, for all who want to know, in the transaction in which it happens: in the
/// history of the document, in the log of those who watch, and as events for other systems. The document is new or its
/// row is locked.
public final class DocumentJournal {
    private final DocumentStore history;
    private final DocumentLogStore log;
    private final DocumentEvents events;

    public DocumentJournal(DocumentStore history, DocumentLogStore log, DocumentEvents events) {
        this.history = history;
        this.log = log;
        this.events = events;
    }

    /// Writes down a change of a document that stands.
    ///
    /// @param document as it is now
    /// @param from status before; null for an upload
    void changed(
            Tx tx,
            Document document,
            DocumentEvent.Type type,
            @Nullable DocumentStatus from,
            Principal caller,
            String comment,
            Instant now) {
        history.insertEvent(tx, document, type, from, caller.name(), comment, now);
        tell(tx, LoggedChange.of(document, type, from, caller.name(), now));
    }

    /// Writes down that a document is no more.
    ///
    /// @param document as it was last
    void deleted(Tx tx, Document document, Principal caller, Instant now) {
        tell(tx, LoggedChange.of(document, DocumentEvent.Type.DELETED, document.status(), caller.name(), now));
    }

    private void tell(Tx tx, LoggedChange change) {
        log.insert(tx, change);
        events.publish(tx, change);
    }
}
