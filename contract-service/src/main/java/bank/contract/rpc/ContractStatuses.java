package bank.contract.rpc;

import bank.contract.model.ContractException;
import bank.contract.model.ContractFailure;
import bank.contract.model.LinkKey;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What callers are told of the failures of contracts and links.
public final class ContractStatuses implements FailureTranslator {
    @Override
    public @Nullable Failure translate(RuntimeException exception) {
        return exception instanceof ContractException known ? failure(known.failure()) : null;
    }

    private static Failure failure(ContractFailure failure) {
        return switch (failure) {
            case ContractFailure.ContractNotFound(var id) ->
                Failure.notFound("contract " + id).with("contract_id", Long.toString(id));
            case ContractFailure.DocumentNotFound(var id) ->
                Failure.notFound("document " + id).with("document_id", Long.toString(id));
            case ContractFailure.LinkNotFound(var key) ->
                named(key, Failure.notFound("link of document " + key.documentId() + " to " + subject(key)));
            case ContractFailure.UserNotFound(var id) ->
                Failure.notFound("user " + id).with("user_id", Long.toString(id));
            case ContractFailure.UnknownUser(var id) ->
                Failure.invalid("UNKNOWN_USER", "user_id", "there is no user " + id);
            case ContractFailure.UserMissing() ->
                Failure.invalid("INVALID_FIELD", "user_id", "say whose contract it is to be");
            case ContractFailure.OwnerMismatch(var key) ->
                named(
                        key,
                        Failure.precondition(
                                "OWNER_MISMATCH",
                                "OWNER",
                                subject(key),
                                "document " + key.documentId() + " and " + subject(key)
                                        + " belong to different users"));
            case ContractFailure.ContractArchived(var id) ->
                Failure.precondition(
                                "CONTRACT_ARCHIVED",
                                "STATUS",
                                "contract/" + id,
                                "contract/" + id + " is archived and takes no more changes")
                        .with("contract_id", Long.toString(id));
            case ContractFailure.IllegalContractStatus(var id, var from, var to) ->
                illegalChange("contract/" + id, from, to).with("contract_id", Long.toString(id));
            case ContractFailure.IllegalLinkStatus(var key, var from, var to) ->
                named(key, illegalChange(subject(key) + "/link/" + key.documentId(), from, to));
            case ContractFailure.LinkSuperseded(var key) ->
                named(
                        key,
                        Failure.of(
                                        Status.Code.ABORTED,
                                        "LINK_SUPERSEDED",
                                        "another change of this link came in between: repeat a little later")
                                .retryAfter(Duration.ofSeconds(1)));
        };
    }

    private static Failure illegalChange(String subject, Enum<?> from, Enum<?> to) {
        return Failure.precondition(
                        "ILLEGAL_STATUS_CHANGE",
                        "STATUS",
                        subject,
                        subject + " is " + name(from) + " and cannot become " + name(to))
                .with("from", name(from))
                .with("to", name(to));
    }

    private static Failure named(LinkKey key, Failure failure) {
        return failure.with("contract_id", Long.toString(key.contractId()))
                .with("document_id", Long.toString(key.documentId()));
    }

    private static String subject(LinkKey key) {
        return "contract/" + key.contractId();
    }

    private static String name(Enum<?> status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
