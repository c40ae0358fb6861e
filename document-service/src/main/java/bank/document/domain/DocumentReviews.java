package bank.document.domain;

import bank.document.client.BankUser;
import bank.document.client.UserDirectory;
import bank.document.model.Document;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.DocumentStatus;
import bank.document.model.Text;
import bank.document.store.DocumentStore;
import bank.platform.auth.Principal;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The way of documents through their statuses.
public final class DocumentReviews {
    /// Most characters of a comment.
    public static final int COMMENT_LENGTH_MAX = 1000;

    private final DocumentStore store;
    private final DocumentJournal journal;
    private final UserDirectory users;
    private final Clock clock;

    public DocumentReviews(DocumentStore store, DocumentJournal journal, UserDirectory users, Clock clock) {
        this.store = store;
        this.journal = journal;
        this.users = users;
        this.clock = clock;
    }

    /// What is to become of a document.
    ///
    /// @param status status to set
    /// @param planMaturityDate day by which processing is planned to end; null: stays
    /// @param comment comment for the history, or empty
    public record Step(DocumentStatus status, @Nullable LocalDate planMaturityDate, String comment) {
        public Step {
            comment = Text.of("comment", comment, COMMENT_LENGTH_MAX);
        }
    }

    /// The employee a change is written to: the caller, or the one an administrator or a machine names.
    ///
    /// @param named number of the employee, or null
    /// @throws DocumentException PERMISSION_DENIED, reason WORKER_FORBIDDEN; INVALID_ARGUMENT, reason
    ///     WORKER_MISSING or UNKNOWN_WORKER
    public long worker(Principal caller, @Nullable Long named) {
        if (caller instanceof Principal.User user) {
            if (named == null || named == user.id()) {
                return user.id();
            }
            if (!user.admin()) {
                throw new DocumentException(new DocumentFailure.WorkerForbidden(named));
            }
        }
        if (named == null) {
            throw new DocumentException(new DocumentFailure.WorkerMissing());
        }
        return users.find(named)
                .filter(BankUser::staff)
                .map(BankUser::id)
                .orElseThrow(() -> new DocumentException(new DocumentFailure.UnknownWorker(named)));
    }

    /// Moves a document to another status.
    ///
    /// @param caller who does it
    /// @param worker employee it is written to
    /// @throws DocumentException FAILED_PRECONDITION, reason ILLEGAL_STATUS_CHANGE
    public Document setStatus(Tx tx, Principal caller, long id, long worker, Step step) {
        var document =
                store.lock(tx, id).orElseThrow(() -> new DocumentException(new DocumentFailure.DocumentNotFound(id)));
        EntityTags.require(document.etag());
        var from = document.status();
        var to = step.status();
        if (!from.mayBecome(to)) {
            throw new DocumentException(new DocumentFailure.IllegalStatusChange(id, from, to));
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var changed = document.withStatus(
                to,
                worker,
                step.planMaturityDate() == null ? document.planMaturityDate() : step.planMaturityDate(),
                to.endsProcessing() ? LocalDate.ofInstant(now, ZoneOffset.UTC) : document.factMaturityDate());
        store.update(tx, changed);
        journal.changed(tx, changed, DocumentEvent.Type.STATUS_CHANGED, from, caller, step.comment(), now);
        return changed;
    }
}
