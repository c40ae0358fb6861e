package bank.platform.failure;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What went wrong, as a caller is told. Becomes a `google.rpc.Status` with exactly one `ErrorInfo`
/// and, where apt, `BadRequest`, `PreconditionFailure` and `RetryInfo`.
///
/// @param code gRPC code
/// @param reason constant in upper snake case, e.g. `KEY_REUSED`
/// @param message what is wrong and what to do, for people; no secret, no SQL, no host name
/// @param metadata further facts by name
/// @param violations fields at fault, for invalid input
/// @param precondition what stands in the way, for a failed precondition
/// @param retryAfter pause before another try makes sense
/// @param cause a constant word that only the log is told, e.g. `audience`
public record Failure(
        Status.Code code,
        String reason,
        String message,
        Map<String, String> metadata,
        List<Violation> violations,
        @Nullable Precondition precondition,
        @Nullable Duration retryAfter,
        @Nullable String cause) {

    /// A failure of which the caller is told everything.
    public Failure(
            Status.Code code,
            String reason,
            String message,
            Map<String, String> metadata,
            List<Violation> violations,
            @Nullable Precondition precondition,
            @Nullable Duration retryAfter) {
        this(code, reason, message, metadata, violations, precondition, retryAfter, null);
    }

    /// Domain of every `ErrorInfo` of this system.
    public static final String DOMAIN = "bank";

    /// A field and what is wrong with it; the field is a path such as `documents[1].user_id`.
    public record Violation(String field, String description) {}

    /// What stands in the way: its type, e.g. `STATUS`, and subject, e.g. `document/789`.
    public record Precondition(String type, String subject) {}

    /// Whether the same request may well succeed later, so that this is no last word on it.
    public boolean passing() {
        return retryAfter != null
                || switch (code) {
                    case UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED, INTERNAL, UNKNOWN, DATA_LOSS -> true;
                    default -> false;
                };
    }

    /// A failure with a code and a reason alone.
    public static Failure of(Status.Code code, String reason, String message) {
        return new Failure(code, reason, message, Map.of(), List.of(), null, null);
    }

    /// Invalid input in one field.
    public static Failure invalid(String reason, String field, String description) {
        return invalid(reason, List.of(new Violation(field, description)));
    }

    /// Invalid input in several fields.
    public static Failure invalid(String reason, List<Violation> violations) {
        var first = violations.getFirst();
        return new Failure(
                Status.Code.INVALID_ARGUMENT,
                reason,
                first.field().isEmpty() ? first.description() : first.field() + ": " + first.description(),
                Map.of(),
                List.copyOf(violations),
                null,
                null);
    }

    /// The caller has no such thing, or may not know of it.
    public static Failure notFound(String what) {
        return of(Status.Code.NOT_FOUND, "NOT_FOUND", what + " not found");
    }

    /// The state of something forbids the operation.
    public static Failure precondition(String reason, String type, String subject, String message) {
        return new Failure(
                Status.Code.FAILED_PRECONDITION,
                reason,
                message,
                Map.of(),
                List.of(),
                new Precondition(type, subject),
                null);
    }

    /// What another service of this system answered, to be passed on as it is: its code, reason, message
    /// and metadata. Empty when it gave no reason of this system.
    public static Optional<Failure> of(StatusRuntimeException answer) {
        var status = StatusProto.fromThrowable(answer);
        if (status == null) {
            return Optional.empty();
        }
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(ErrorInfo.class))
                .map(Failure::errorInfo)
                .filter(info -> info.getDomain().equals(DOMAIN))
                .findFirst()
                .map(info -> new Failure(
                        answer.getStatus().getCode(),
                        info.getReason(),
                        status.getMessage(),
                        Map.copyOf(info.getMetadataMap()),
                        List.of(),
                        null,
                        null));
    }

    private static ErrorInfo errorInfo(Any detail) {
        try {
            return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("another service sent a malformed ErrorInfo", e);
        }
    }

    /// The same with one more fact.
    public Failure with(String name, String value) {
        var all = new TreeMap<>(metadata);
        all.put(name, value);
        return new Failure(code, reason, message, Map.copyOf(all), violations, precondition, retryAfter, cause);
    }

    /// The same with a pause before the next try.
    public Failure retryAfter(Duration pause) {
        return new Failure(code, reason, message, metadata, violations, precondition, pause, cause);
    }

    /// The same with a word for the log, which no caller is told.
    public Failure because(String word) {
        return new Failure(code, reason, message, metadata, violations, precondition, retryAfter, word);
    }

    /// As an exception to throw.
    public FailureException exception() {
        return new FailureException(this);
    }

    /// As gRPC sends it.
    public StatusRuntimeException toStatus() {
        var status = com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(reason)
                        .putAllMetadata(metadata)
                        .build()));
        if (!violations.isEmpty()) {
            var request = BadRequest.newBuilder();
            violations.forEach(
                    v -> request.addFieldViolationsBuilder().setField(v.field()).setDescription(v.description()));
            status.addDetails(Any.pack(request.build()));
        }
        if (precondition != null) {
            status.addDetails(Any.pack(PreconditionFailure.newBuilder()
                    .addViolations(PreconditionFailure.Violation.newBuilder()
                            .setType(precondition.type())
                            .setSubject(precondition.subject())
                            .setDescription(message))
                    .build()));
        }
        if (retryAfter != null) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                            .setSeconds(retryAfter.toSeconds())
                            .setNanos(retryAfter.toNanosPart()))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }
}
