package bank.document.domain;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.Text;
import bank.document.store.DocumentStore;
import bank.document.store.HoldStore;
import bank.platform.db.Tx;

/// Holds of documents against deletion. A hold and a deletion of the same document wait for each other.
public final class DocumentHolds {
    private static final int HOLDER_LENGTH_MAX = 100;

    private final DocumentStore documents;
    private final HoldStore holds;

    public DocumentHolds(DocumentStore documents, HoldStore holds) {
        this.documents = documents;
        this.holds = holds;
    }

    /// Holds a document, unless a newer call of the holder was here first.
    ///
    /// @return whether the holder holds it now
    /// @throws DocumentException NOT_FOUND
    public boolean hold(Tx tx, long id, String holder, long generation) {
        var name = Text.of("holder", holder, HOLDER_LENGTH_MAX);
        if (!documents.keep(tx, id)) {
            throw new DocumentException(new DocumentFailure.DocumentNotFound(id));
        }
        return holds.set(tx, id, name, generation, true);
    }

    /// Ends a hold, unless a newer call of the holder was here first. Written down also where there was
    /// none, against an older hold that comes late.
    ///
    /// @return whether the holder holds it now
    public boolean release(Tx tx, long id, String holder, long generation) {
        var name = Text.of("holder", holder, HOLDER_LENGTH_MAX);
        return documents.keep(tx, id) && holds.set(tx, id, name, generation, false);
    }
}
