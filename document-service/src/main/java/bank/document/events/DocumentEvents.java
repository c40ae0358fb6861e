package bank.document.events;

import bank.document.model.DocumentEvent;
import bank.document.model.DocumentStatus;
import bank.document.model.LoggedChange;
import bank.platform.db.Tx;
import bank.platform.events.Event;
import bank.platform.events.Outbox;
import bank.v1.ActivityLogged;
import bank.v1.DocumentStatusChanged;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes of documents as events.
public final class DocumentEvents {
    private final Outbox outbox;

    public DocumentEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /// Publishes a change with the transaction.
    public void publish(Tx tx, LoggedChange change) {
        outbox.append(tx, List.of(status(change), activity(change)));
    }

    private static Event status(LoggedChange change) {
        var deleted = change.type() == DocumentEvent.Type.DELETED;
        var payload = DocumentStatusChanged.newBuilder()
                .setDocumentId(change.documentId())
                .setUserId(change.userId())
                .setContentVersion(change.version())
                .setDeleted(deleted)
                .setActor(change.actor());
        if (change.from() != null) {
            payload.setFromStatus(toProto(change.from()));
        }
        if (change.to() != null) {
            payload.setStatus(toProto(change.to()));
        }
        // The deletion of a document is its last change, and leaves no row to count it in.
        return Event.of(payload.build(), deleted ? change.revision() + 1 : change.revision());
    }

    private static Event activity(LoggedChange change) {
        return Event.of(
                ActivityLogged.newBuilder()
                        .setActor(change.actor())
                        .setAction("document." + change.type().code())
                        .setSubject("document:" + change.documentId())
                        .setDetail(detail(change.from(), change.to()))
                        .build(),
                0);
    }

    private static String detail(@Nullable DocumentStatus from, @Nullable DocumentStatus to) {
        return from == null || to == null || from == to ? "" : from.code() + " to " + to.code();
    }

    private static bank.v1.DocumentStatus toProto(DocumentStatus status) {
        return bank.v1.DocumentStatus.valueOf("DOCUMENT_STATUS_" + status.name());
    }
}
