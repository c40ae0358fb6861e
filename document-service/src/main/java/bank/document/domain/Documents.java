package bank.document.domain;

import bank.document.model.Document;
import bank.document.model.DocumentChange;
import bank.document.model.DocumentChange.Field;
import bank.document.model.DocumentDetails;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.DocumentStatus;
import bank.document.store.DocumentStore;
import bank.document.store.HoldStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;

/// Documents: stored, described, replaced and deleted by their owners.
public final class Documents {
    private final Database database;
    private final DocumentStore store;
    private final DocumentJournal journal;
    private final HoldStore holds;
    private final Categories categories;
    private final StoredObjects objects;
    private final Clock clock;

    public Documents(
            Database database,
            DocumentStore store,
            DocumentJournal journal,
            HoldStore holds,
            Categories categories,
            StoredObjects objects,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.journal = journal;
        this.holds = holds;
        this.categories = categories;
        this.objects = objects;
        this.clock = clock;
    }

    /// A document the caller may see.
    ///
    /// @throws DocumentException NOT_FOUND, also for another client's document
    public Document get(Principal caller, long id) {
        return database.read(session -> store.find(session, id))
                .filter(document -> Reach.of(caller, document.userId()))
                .orElseThrow(() -> notFound(id));
    }

    /// Those of the documents that exist and that the caller may see, by ascending number.
    public List<Document> find(Principal caller, Collection<Long> ids) {
        return database.read(session -> store.find(session, ids)).stream()
                .filter(document -> Reach.of(caller, document.userId()))
                .toList();
    }

    /// Makes a stored object a document; its status is `pending`. A file without a name is named by its type.
    ///
    /// @param owner whose it is
    /// @param caller who brings it
    public Document create(
            Tx tx, long owner, Principal caller, DocumentDetails details, CheckedFile file, StoredObject object) {
        var category = categories.of(tx, details);
        var now = now();
        var document = new Document(
                0,
                owner,
                details.description(),
                category,
                DocumentStatus.PENDING,
                null,
                details.actualDate(),
                details.actualEndDate(),
                null,
                null,
                file.version(1, file.type().fileName(), object.key(), now),
                now,
                1);
        var stored = document.withId(store.insert(tx, document));
        object.settle(tx);
        journal.changed(tx, stored, DocumentEvent.Type.UPLOADED, null, caller, "", now);
        return stored;
    }

    /// Checks that the content of a document of the caller may be replaced, before it is stored.
    public void requireReplaceable(Principal caller, long id) {
        requireReplaceable(get(caller, id));
    }

    /// Makes a stored object the new version of a document of the caller, and its status `pending` again.
    /// A file without a name keeps the present one. The condition may name the entity tag of the document
    /// or that of its content.
    ///
    /// @throws DocumentException FAILED_PRECONDITION, reason STATUS_FORBIDS_REPLACEMENT
    public Document replaceContent(Tx tx, Principal caller, long id, CheckedFile file, StoredObject object) {
        var document = lock(tx, caller, id);
        EntityTags.require(document.etag(), document.content().digest());
        requireReplaceable(document);
        var now = now();
        var present = document.content();
        var content = file.version(present.version() + 1, present.fileName(), object.key(), now);
        var replaced = document.withContent(content);
        store.insertVersion(tx, id, content);
        store.update(tx, replaced);
        object.settle(tx);
        journal.changed(tx, replaced, DocumentEvent.Type.CONTENT_REPLACED, document.status(), caller, "", now);
        return replaced;
    }

    /// Changes what is said of a document of the caller.
    public Document update(Tx tx, Principal caller, long id, DocumentChange change) {
        var document = lock(tx, caller, id);
        EntityTags.require(document.etag());
        var fields = change.fields();
        var details = change.details();
        var categoryChanges = fields.contains(Field.CATEGORY) || fields.contains(Field.CALLCOPY_ID);
        var changed = document.withDetails(
                fields.contains(Field.DESCRIPTION) ? details.description() : document.description(),
                categoryChanges ? categories.of(tx, details) : document.category(),
                fields.contains(Field.ACTUAL_DATE) ? details.actualDate() : document.actualDate(),
                fields.contains(Field.ACTUAL_END_DATE) ? details.actualEndDate() : document.actualEndDate());
        DocumentDetails.requireOrder(changed.actualDate(), changed.actualEndDate());
        store.update(tx, changed);
        return changed;
    }

    /// Deletes a document and dooms its objects.
    ///
    /// @return keys of the objects, to be deleted once the transaction stands
    /// @throws DocumentException FAILED_PRECONDITION, reason STATUS_FORBIDS_DELETION or DOCUMENT_HELD
    public List<String> delete(Tx tx, Principal caller, long id) {
        var document = lock(tx, caller, id);
        EntityTags.require(document.etag());
        if (!document.status().allowsDeletion()) {
            throw new DocumentException(new DocumentFailure.StatusForbidsDeletion(id, document.status()));
        }
        holds.holder(tx, id, document.userId()).ifPresent(holder -> {
            throw new DocumentException(new DocumentFailure.DocumentHeld(id, holder));
        });
        var keys = store.delete(tx, id);
        objects.doom(tx, keys);
        journal.deleted(tx, document, caller, now());
        return keys;
    }

    private Document lock(Tx tx, Principal caller, long id) {
        return store.lock(tx, id)
                .filter(document -> Reach.of(caller, document.userId()))
                .orElseThrow(() -> notFound(id));
    }

    private static void requireReplaceable(Document document) {
        if (!document.status().allowsReplacement()) {
            throw new DocumentException(new DocumentFailure.StatusForbidsReplacement(document.id(), document.status()));
        }
    }

    // As exact as the database keeps it.
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static DocumentException notFound(long id) {
        return new DocumentException(new DocumentFailure.DocumentNotFound(id));
    }
}
