package bank.contract.domain;

import bank.contract.client.DocumentClient;
import bank.contract.client.HoldClient;
import bank.contract.events.ContractEvents;
import bank.contract.model.Contract;
import bank.contract.model.ContractException;
import bank.contract.model.ContractFailure;
import bank.contract.model.ContractLink;
import bank.contract.model.Hold;
import bank.contract.model.LinkChange;
import bank.contract.model.LinkKey;
import bank.contract.model.LinkStatus;
import bank.contract.model.LinkedDocument;
import bank.contract.store.LinkStore;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.grpc.EntityTags;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Documents tied to contracts.
///
/// Linking takes three steps, each safe to stop after: note the intent (one transaction), hold the
/// document at document-service, make the link (another transaction).
public final class ContractLinks {
    private final Database database;
    private final Contracts contracts;
    private final LinkStore store;
    private final LinkTasks tasks;
    private final ContractEvents events;
    private final DocumentClient documents;
    private final HoldClient holds;
    private final Clock clock;

    public ContractLinks(
            Database database,
            Contracts contracts,
            LinkStore store,
            LinkTasks tasks,
            ContractEvents events,
            DocumentClient documents,
            HoldClient holds,
            Clock clock) {
        this.database = database;
        this.contracts = contracts;
        this.store = store;
        this.tasks = tasks;
        this.events = events;
        this.documents = documents;
        this.holds = holds;
        this.clock = clock;
    }

    /// Checks that a document may be tied to a contract, and holds it for that.
    ///
    /// @param trial only check: nothing is noted here, nothing held there
    /// @throws ContractException ContractNotFound, ContractArchived, DocumentNotFound, OwnerMismatch,
    ///     LinkSuperseded
    public Hold hold(Principal caller, LinkKey key, boolean trial) {
        var contract = contracts.get(caller, key.contractId());
        EntityTags.require(contract.etag());
        contract.changeable();
        var owner = documents.owner(key.documentId()).orElseThrow(() -> documentNotFound(key));
        if (owner != contract.userId()) {
            throw new ContractException(new ContractFailure.OwnerMismatch(key));
        }
        var hold = trial ? new Hold(key, tasks.generation(), true) : intend(caller, key);
        switch (holds.hold(key, hold.generation())) {
            case YES -> {}
            case RELEASED_SINCE -> throw superseded(key);
            case DOCUMENT_GONE -> {
                if (!trial) {
                    database.inTransaction(tx -> tasks.end(tx, key, hold.generation()));
                }
                throw documentNotFound(key);
            }
        }
        return hold;
    }

    private Hold intend(Principal caller, LinkKey key) {
        return database.inTransaction(tx -> {
            contracts.lock(tx, caller, key.contractId()).changeable();
            return new Hold(key, tasks.wantHeld(tx, key).generation(), false);
        });
    }

    /// Makes the link for which the document is held. Linking again is the same link, active again.
    ///
    /// @throws ContractException ContractArchived, LinkSuperseded
    public ContractLink link(Tx tx, Principal caller, Hold hold) {
        var key = hold.key();
        var contract = contracts.lock(tx, caller, key.contractId());
        contract.changeable();
        if (!hold.trial() && !tasks.end(tx, key, hold.generation()) && !standing(tx, key)) {
            throw superseded(key);
        }
        var before = store.find(tx, key).map(ContractLink::status).orElse(null);
        return set(tx, caller, contract, key, before, LinkStatus.ACTIVE);
    }

    /// Another call ended the task and made the link. A link that stands has its hold: only a
    /// revocation gives it up, and that takes the link's standing in the same transaction.
    private boolean standing(Tx tx, LinkKey key) {
        return store.find(tx, key).filter(link -> link.status().holds()).isPresent();
    }

    /// Sets the status of a link. Setting the one it has changes nothing.
    ///
    /// @throws ContractException ContractNotFound, LinkNotFound, IllegalLinkStatus
    public ContractLink setStatus(Tx tx, Principal caller, LinkKey key, LinkStatus status) {
        var contract = contracts.lock(tx, caller, key.contractId());
        var link = store.find(tx, key).orElseThrow(() -> new ContractException(new ContractFailure.LinkNotFound(key)));
        if (!link.status().mayBecome(status)) {
            throw new ContractException(new ContractFailure.IllegalLinkStatus(key, link.status(), status));
        }
        if (link.status() == status) {
            return link;
        }
        if (!status.holds()) {
            tasks.wantReleased(tx, key);
        }
        return set(tx, caller, contract, key, link.status(), status);
    }

    /// Writes the status of a link, and tells of it when it is another one.
    private ContractLink set(
            Tx tx, Principal caller, Contract contract, LinkKey key, @Nullable LinkStatus from, LinkStatus to) {
        var link = store.put(tx, key, to, clock.instant());
        if (from != to) {
            var version = store.countChange(tx, contract.id());
            events.publish(tx, new LinkChange(key, contract.userId(), from, to, caller.name(), version));
        }
        return link;
    }

    /// Links of a contract, newest first, revoked ones too.
    ///
    /// @param before only those with a lower number
    /// @throws ContractException ContractNotFound
    public List<ContractLink> list(Principal caller, long contractId, long before, int rowsMax) {
        contracts.get(caller, contractId);
        return database.read(session -> store.list(session, contractId, before, rowsMax));
    }

    /// The links with what the caller may see of their documents.
    ///
    /// @param links at most 200
    public List<LinkedDocument> documents(List<ContractLink> links) {
        var contents = documents.contents(
                links.stream().map(link -> link.key().documentId()).toList());
        return links.stream()
                .map(link -> new LinkedDocument(link, contents.get(link.key().documentId())))
                .toList();
    }

    private static ContractException documentNotFound(LinkKey key) {
        return new ContractException(new ContractFailure.DocumentNotFound(key.documentId()));
    }

    private static ContractException superseded(LinkKey key) {
        return new ContractException(new ContractFailure.LinkSuperseded(key));
    }
}
