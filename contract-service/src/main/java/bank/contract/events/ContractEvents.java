package bank.contract.events;

import bank.contract.model.Contract;
import bank.contract.model.LinkChange;
import bank.contract.model.LinkStatus;
import bank.platform.db.Tx;
import bank.platform.events.Event;
import bank.platform.events.Outbox;
import bank.v1.ActivityLogged;
import bank.v1.ContractLinkChanged;
import java.util.List;
import java.util.Locale;

/// Changes of contracts and their links as events.
public final class ContractEvents {
    private final Outbox outbox;

    public ContractEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /// Publishes a change with the transaction.
    public void publish(Tx tx, LinkChange change) {
        outbox.append(tx, List.of(link(change), activity(change)));
    }

    /// Publishes with the transaction what somebody did to a contract.
    ///
    /// @param actor who, e.g. `user:17`
    /// @param action what, e.g. `created`
    public void publish(Tx tx, Contract contract, String actor, String action, String detail) {
        outbox.append(tx, activity(actor, "contract." + action, contract.id(), detail));
    }

    private static Event link(LinkChange change) {
        var payload = ContractLinkChanged.newBuilder()
                .setContractId(change.key().contractId())
                .setDocumentId(change.key().documentId())
                .setUserId(change.userId())
                .setStatus(toProto(change.to()))
                .setActor(change.actor());
        if (change.from() != null) {
            payload.setFromStatus(toProto(change.from()));
        }
        return Event.of(payload.build(), change.version());
    }

    private static Event activity(LinkChange change) {
        var to = change.to().name().toLowerCase(Locale.ROOT);
        return activity(
                change.actor(),
                change.from() == null ? "contract.document_linked" : "contract.link_" + to,
                change.key().contractId(),
                "document:" + change.key().documentId());
    }

    private static Event activity(String actor, String action, long contractId, String detail) {
        return Event.of(
                ActivityLogged.newBuilder()
                        .setActor(actor)
                        .setAction(action)
                        .setSubject("contract:" + contractId)
                        .setDetail(detail)
                        .build(),
                0);
    }

    private static bank.v1.LinkStatus toProto(LinkStatus status) {
        return bank.v1.LinkStatus.valueOf("LINK_STATUS_" + status.name());
    }
}
