package bank.edge.problem;

import bank.platform.failure.Failure;
import bank.platform.grpc.Headers;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;

/// Failures the edge itself finds.
public final class EdgeFailures {
    private EdgeFailures() {}

    /// No route or rpc has this path.
    public static Failure unknownRoute() {
        return Failure.of(Status.Code.NOT_FOUND, "ROUTE_NOT_FOUND", "nothing is served at this path");
    }

    /// The path is there under other methods; the header `Allow` names them.
    public static Failure methodNotAllowed(Set<String> allowed) {
        String allow = String.join(", ", allowed);
        return Failure.of(Status.Code.UNIMPLEMENTED, "METHOD_NOT_ALLOWED", "this path takes " + allow)
                .with(Headers.HTTP_PREFIX + "allow", allow);
    }

    /// The body is of a media type the operation does not take.
    public static Failure mediaType(String expected) {
        return Failure.of(Status.Code.INVALID_ARGUMENT, "MEDIA_TYPE", "expected a body of type " + expected);
    }

    /// The client takes no answer of the type there is.
    public static Failure notAcceptable(String offered) {
        return Failure.of(Status.Code.INVALID_ARGUMENT, "NOT_ACCEPTABLE", "the answer comes as " + offered);
    }

    /// The body is larger than the edge takes.
    public static Failure contentTooLarge(long bytesMax) {
        return Failure.of(
                        Status.Code.RESOURCE_EXHAUSTED,
                        "CONTENT_TOO_LARGE",
                        "the body is larger than " + bytesMax + " bytes")
                .with("bytes_max", Long.toString(bytesMax));
    }

    /// One message of a streamed body is larger than the edge takes.
    public static Failure messageTooLarge(long bytesMax) {
        return Failure.of(Status.Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE", "longer than " + bytesMax + " bytes")
                .with("bytes_max", Long.toString(bytesMax));
    }

    /// The headers are longer than the edge, or the service, takes.
    public static Failure headersTooLarge() {
        return Failure.of(Status.Code.RESOURCE_EXHAUSTED, "HEADERS_TOO_LARGE", "the headers are too large");
    }

    /// The request is wrong in a way no field can be named for.
    public static Failure malformed(String reason, String message) {
        return Failure.of(Status.Code.INVALID_ARGUMENT, reason, message);
    }

    /// A service behind the edge cannot be reached.
    public static Failure upstreamDown() {
        return Failure.of(
                        Status.Code.UNAVAILABLE,
                        "UPSTREAM_UNAVAILABLE",
                        "a service needed for this cannot be reached now")
                .retryAfter(Duration.ofSeconds(1));
    }

    /// There is no room for a long message now.
    public static Failure overloaded() {
        return Failure.of(Status.Code.UNAVAILABLE, "OVERLOADED", "too many long messages are under way")
                .retryAfter(Duration.ofSeconds(1));
    }

    /// The deadline passed before the answer was there.
    public static Failure deadlineExceeded() {
        return Failure.of(Status.Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "the deadline passed");
    }

    /// The call was given up.
    public static Failure cancelled() {
        return Failure.of(Status.Code.CANCELLED, "CANCELLED", "the call was cancelled");
    }

    /// A bug; its cause is in the log under the request id.
    public static Failure internal() {
        return Failure.of(Status.Code.INTERNAL, "INTERNAL", "something broke here; tell us the request id");
    }
}
