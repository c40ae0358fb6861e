package bank.edge.problem;

import bank.platform.failure.Failure;
import io.grpc.Status;
import java.util.Map;

/// HTTP status of a failure: by the mapping of google/rpc/code.proto, save the reasons that have their own.
public final class HttpStatuses {
    private static final Map<String, Integer> BY_REASON = Map.ofEntries(
            Map.entry("ETAG_MISMATCH", 412),
            Map.entry("KEY_REUSED", 422),
            Map.entry("KEY_IN_USE", 409),
            Map.entry("CONTENT_TOO_LARGE", 413),
            Map.entry("MEDIA_TYPE", 415),
            Map.entry("RANGE", 416),
            Map.entry("NOT_ACCEPTABLE", 406),
            Map.entry("METHOD_NOT_ALLOWED", 405),
            Map.entry("URI_TOO_LONG", 414),
            Map.entry("HEADERS_TOO_LARGE", 431));

    private HttpStatuses() {}

    static int of(Failure failure) {
        return of(failure.code(), failure.reason());
    }

    /// The status that tells a failure of this code and reason.
    public static int of(Status.Code code, String reason) {
        Integer special = BY_REASON.get(reason);
        return special != null ? special : of(code);
    }

    private static int of(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ABORTED, ALREADY_EXISTS -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case CANCELLED -> 499;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }
}
