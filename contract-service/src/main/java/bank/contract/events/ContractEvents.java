package bank.contract.events;

import bank.contract.model.LinkChange;
import bank.contract.model.LinkStatus;
import bank.platform.db.Tx;
import bank.platform.events.Event;
import bank.platform.events.Outbox;
import bank.v1.ActivityLogged;
import bank.v1.ContractLinkChanged;
import java.util.List;
import java.util.Locale;

/// Changes of links as events.
public final class LinkEvents {
    private final Outbox outbox;

    public LinkEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /// Publishes a change with the transaction.
    public void publish(Tx tx, LinkChange change) {
        outbox.append(tx, List.of(link(change), activity(change)));
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
        return Event.of(
                ActivityLogged.newBuilder()
                        .setActor(change.actor())
                        .setAction(change.from() == null ? "contract.document_linked" : "contract.link_" + to)
                        .setSubject("contract:" + change.key().contractId())
                        .setDetail("document:" + change.key().documentId())
                        .build(),
                0);
    }

    private static bank.v1.LinkStatus toProto(LinkStatus status) {
        return bank.v1.LinkStatus.valueOf("LINK_STATUS_" + status.name());
    }
}
