package bank.document.domain;

import bank.document.model.ContentVersion;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.DocumentSummary;
import bank.document.model.ListPosition;
import bank.document.store.DocumentSearch;
import bank.document.store.VersionStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists of documents, of their versions and of what happened to them; every list has a limit.
public final class DocumentLists {
    private final Database database;
    private final Documents documents;
    private final DocumentSearch search;
    private final VersionStore versions;

    public DocumentLists(Database database, Documents documents, DocumentSearch search, VersionStore versions) {
        this.database = database;
        this.documents = documents;
        this.search = search;
        this.versions = versions;
    }

    /// Documents of a user, newest first.
    ///
    /// @throws DocumentException NOT_FOUND for another user's list
    public List<DocumentSummary> ofUser(Principal caller, long userId, @Nullable ListPosition after, int limit) {
        if (!Reach.of(caller, userId)) {
            throw new DocumentException(new DocumentFailure.UserNotFound(userId));
        }
        return search(DocumentSearch.Filter.ofUser(userId), after, limit);
    }

    /// Documents that meet a filter, newest first.
    public List<DocumentSummary> search(DocumentSearch.Filter filter, @Nullable ListPosition after, int limit) {
        return database.read(session -> search.list(session, filter, after, limit));
    }

    /// Versions of a document below a number, newest first.
    public List<ContentVersion> versions(Principal caller, long id, int below, int limit) {
        documents.get(caller, id);
        return database.read(session -> versions.list(session, id, below, limit));
    }

    /// Events of a document below a number, newest first.
    public List<DocumentEvent> events(Principal caller, long id, long below, int limit) {
        documents.get(caller, id);
        return database.read(session -> versions.events(session, id, below, limit));
    }
}
