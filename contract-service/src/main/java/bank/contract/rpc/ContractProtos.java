package bank.contract.rpc;

import bank.contract.model.ContractFilter;
import bank.contract.model.ContractLink;
import bank.contract.model.ContractStatus;
import bank.contract.model.LinkKey;
import bank.contract.model.LinkStatus;
import bank.contract.model.LinkedDocument;
import bank.v1.Contract;
import bank.v1.ContractDocument;
import bank.v1.LinkDocumentRequest;
import bank.v1.ListContractsRequest;
import bank.v1.SetLinkStatusRequest;
import bank.v1.SetLinkStatusResponse;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// To protobuf and from it.
final class ContractProtos {
    private ContractProtos() {}

    static Contract toProto(bank.contract.model.Contract contract) {
        return Contract.newBuilder()
                .setContractId(contract.id())
                .setUserId(contract.userId())
                .setDescription(contract.description())
                .setStatus(toProto(contract.status()))
                .setCreatedAt(timestamp(contract.createdAt()))
                .setEtag(contract.etag())
                .build();
    }

    static bank.v1.ContractLink toProto(ContractLink link) {
        return bank.v1.ContractLink.newBuilder()
                .setContractId(link.key().contractId())
                .setDocumentId(link.key().documentId())
                .setStatus(toProto(link.status()))
                .build();
    }

    static SetLinkStatusResponse toStatusProto(ContractLink link) {
        return SetLinkStatusResponse.newBuilder()
                .setContractId(link.key().contractId())
                .setDocumentId(link.key().documentId())
                .setNewStatus(toProto(link.status()))
                .build();
    }

    static ContractDocument toProto(LinkedDocument document) {
        var proto = ContractDocument.newBuilder()
                .setDocumentId(document.link().key().documentId())
                .setStatus(toProto(document.link().status()));
        var content = document.content();
        if (content != null) {
            proto.setDescription(content.description()).setLink(content.url());
        }
        return proto.build();
    }

    static LinkKey key(LinkDocumentRequest request) {
        return new LinkKey(request.getId(), request.getDocumentId());
    }

    static LinkKey key(SetLinkStatusRequest request) {
        return new LinkKey(request.getId(), request.getDocumentId());
    }

    static ContractFilter filter(ListContractsRequest request) {
        return new ContractFilter(
                request.hasUserId() ? (Long) request.getUserId() : null, statusOrNull(request.getStatus()));
    }

    /// The status a request asks for, in whichever field.
    static LinkStatus status(SetLinkStatusRequest request) {
        var asked = request.getStatus() == bank.v1.LinkStatus.LINK_STATUS_UNSPECIFIED
                ? request.getOperationStatusId()
                : request.getStatus();
        return switch (asked) {
            case LINK_STATUS_ACTIVE -> LinkStatus.ACTIVE;
            case LINK_STATUS_ARCHIVED -> LinkStatus.ARCHIVED;
            case LINK_STATUS_REVOKED -> LinkStatus.REVOKED;
            case LINK_STATUS_UNSPECIFIED, UNRECOGNIZED -> throw unchecked(asked);
        };
    }

    static ContractStatus status(bank.v1.ContractStatus status) {
        var known = statusOrNull(status);
        if (known == null) {
            throw unchecked(status);
        }
        return known;
    }

    private static @Nullable ContractStatus statusOrNull(bank.v1.ContractStatus status) {
        return switch (status) {
            case CONTRACT_STATUS_DRAFT -> ContractStatus.DRAFT;
            case CONTRACT_STATUS_ACTIVE -> ContractStatus.ACTIVE;
            case CONTRACT_STATUS_ARCHIVED -> ContractStatus.ARCHIVED;
            case CONTRACT_STATUS_UNSPECIFIED -> null;
            case UNRECOGNIZED -> throw unchecked(status);
        };
    }

    private static bank.v1.ContractStatus toProto(ContractStatus status) {
        return switch (status) {
            case DRAFT -> bank.v1.ContractStatus.CONTRACT_STATUS_DRAFT;
            case ACTIVE -> bank.v1.ContractStatus.CONTRACT_STATUS_ACTIVE;
            case ARCHIVED -> bank.v1.ContractStatus.CONTRACT_STATUS_ARCHIVED;
        };
    }

    private static bank.v1.LinkStatus toProto(LinkStatus status) {
        return switch (status) {
            case ACTIVE -> bank.v1.LinkStatus.LINK_STATUS_ACTIVE;
            case ARCHIVED -> bank.v1.LinkStatus.LINK_STATUS_ARCHIVED;
            case REVOKED -> bank.v1.LinkStatus.LINK_STATUS_REVOKED;
        };
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static IllegalStateException unchecked(Enum<?> value) {
        return new IllegalStateException(value + " passed the validation of its message");
    }
}
