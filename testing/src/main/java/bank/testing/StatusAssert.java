package bank.testing;

import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Assertions on how a gRPC call failed: its code, and the reason in its `ErrorInfo`.
///
/// ```java
/// assertThatCall(() -> documents.getDocument(unknown)).fails(Code.NOT_FOUND, "DOCUMENT_NOT_FOUND");
/// ```
public final class StatusAssert extends AbstractAssert<StatusAssert, Throwable> {

    private StatusAssert(Throwable actual) {
        super(actual, StatusAssert.class);
    }

    /// Makes the call, which must fail with a status.
    ///
    /// @param call the call
    /// @return assertions on its failure
    public static StatusAssert assertThatCall(ThrowingCallable call) {
        return assertThatFailure(catchThrowable(call));
    }

    /// Assertions on the failure of a call made elsewhere, as from a stream observer.
    ///
    /// @param failure a `StatusRuntimeException` or `StatusException`
    /// @return assertions on it
    public static StatusAssert assertThatFailure(Throwable failure) {
        var result = new StatusAssert(failure);
        result.isNotNull();
        if (!(failure instanceof StatusRuntimeException) && !(failure instanceof StatusException)) {
            throw new AssertionError("expected a gRPC status, was " + failure, failure);
        }
        return result;
    }

    /// Asserts the code and the reason of the one `ErrorInfo`, whose domain must be `bank`.
    ///
    /// @param code the expected code
    /// @param reason the expected reason, in UPPER_SNAKE
    /// @return this
    public StatusAssert fails(Status.Code code, String reason) {
        return hasCode(code).hasReason(reason);
    }

    /// Asserts the status code.
    ///
    /// @param code the expected code
    /// @return this
    public StatusAssert hasCode(Status.Code code) {
        if (status().getCode() != code) {
            throw failure("expected %s, was %s", code, describe());
        }
        return this;
    }

    /// Asserts that there is exactly one `ErrorInfo`, of domain `bank` and with this reason.
    ///
    /// @param reason the expected reason
    /// @return this
    public StatusAssert hasReason(String reason) {
        var infos = details(ErrorInfo.class);
        if (infos.size() != 1) {
            throw failure("expected one ErrorInfo, found %d in %s", infos.size(), describe());
        }
        var info = infos.getFirst();
        if (!info.getDomain().equals("bank") || !info.getReason().equals(reason)) {
            throw failure("expected reason %s of bank, was %s", reason, describe());
        }
        return this;
    }

    /// Asserts a value in the metadata of the `ErrorInfo`.
    ///
    /// @param key the metadata's key
    /// @param value its expected value
    /// @return this
    public StatusAssert hasMetadata(String key, String value) {
        if (details(ErrorInfo.class).stream()
                .noneMatch(info -> value.equals(info.getMetadataMap().get(key)))) {
            throw failure("expected %s=%s in the ErrorInfo, was %s", key, value, describe());
        }
        return this;
    }

    /// Asserts that `BadRequest` names a field.
    ///
    /// @param field the field's path
    /// @return this
    public StatusAssert hasFieldViolation(String field) {
        if (details(BadRequest.class).stream()
                .flatMap(request -> request.getFieldViolationsList().stream())
                .noneMatch(violation -> violation.getField().equals(field))) {
            throw failure("expected a violation of field %s, was %s", field, describe());
        }
        return this;
    }

    /// Asserts that there is a `PreconditionFailure` with a violation of this type.
    ///
    /// @param type the violation's type
    /// @return this
    public StatusAssert hasPreconditionViolation(String type) {
        if (details(PreconditionFailure.class).stream()
                .flatMap(failure -> failure.getViolationsList().stream())
                .noneMatch(violation -> violation.getType().equals(type))) {
            throw failure("expected a violation of precondition %s, was %s", type, describe());
        }
        return this;
    }

    /// Asserts that there is a `RetryInfo`.
    ///
    /// @return this
    public StatusAssert hasRetryInfo() {
        if (details(RetryInfo.class).isEmpty()) {
            throw failure("expected a RetryInfo, was %s", describe());
        }
        return this;
    }

    /// Asserts that the description contains `part`.
    ///
    /// @param part the expected part of the description
    /// @return this
    public StatusAssert hasDescriptionContaining(String part) {
        var description = status().getDescription();
        if (description == null || !description.contains(part)) {
            throw failure("expected a description with '%s', was %s", part, describe());
        }
        return this;
    }

    private Status status() {
        return Status.fromThrowable(actual);
    }

    private <T extends Message> List<T> details(Class<T> type) {
        var proto = StatusProto.fromThrowable(actual);
        return proto == null
                ? List.of()
                : proto.getDetailsList().stream()
                        .filter(detail -> detail.is(type))
                        .map(detail -> unpack(detail, type))
                        .toList();
    }

    private static <T extends Message> T unpack(Any detail, Class<T> type) {
        try {
            return detail.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("a malformed " + type.getSimpleName() + " in the status details", e);
        }
    }

    private String describe() {
        return status() + " with " + details(ErrorInfo.class) + details(BadRequest.class);
    }
}
