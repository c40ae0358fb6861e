package bank.platform.grpc;

import io.grpc.Metadata;
import java.util.List;

/// Names of the gRPC metadata this system knows, lower case.
public final class Headers {
    /// Access token: a bearer token, or one bound to a key.
    public static final String AUTHORIZATION = "authorization";
    /// Proof that the caller holds the key his access token is bound to (RFC 9449).
    public static final String DPOP = "dpop";
    /// Bearer token of the service of this system that passes on a call of somebody whose proof it has checked.
    public static final String CALLER_SERVICE = "x-bank-caller-service";
    /// Names a repeat of a mutation; 1 to 255 printable characters.
    public static final String IDEMPOTENCY_KEY = "idempotency-key";
    /// Answer: this is the first answer again.
    public static final String IDEMPOTENCY_REPLAYED = "idempotency-replayed";
    /// `true`: check everything, change nothing.
    public static final String VALIDATE_ONLY = "validate-only";
    /// Entity tags one of which must hold.
    public static final String IF_MATCH = "if-match";
    /// Entity tags none of which may hold.
    public static final String IF_NONE_MATCH = "if-none-match";
    /// Range of bytes wanted (RFC 9110).
    public static final String RANGE = "range";
    /// Entity tag the range is meant for.
    public static final String IF_RANGE = "if-range";
    /// Name of the request in logs and answers.
    public static final String REQUEST_ID = "x-request-id";
    /// Trace context (W3C).
    public static final String TRACEPARENT = "traceparent";
    /// What tracing systems add to it.
    public static final String TRACESTATE = "tracestate";
    /// Address of the client, set by the edge.
    public static final String CLIENT_ADDRESS = "x-client-address";
    /// User agent of the client, set by the edge.
    public static final String CLIENT_AGENT = "x-client-agent";
    /// Answer: entity tag of the resource.
    public static final String ETAG = "etag";
    /// Answer: status of the HTTP answer.
    public static final String HTTP_STATUS = "http-status";
    /// Answer: prefix of the headers of the HTTP answer.
    public static final String HTTP_PREFIX = "http-";

    /// What a trace goes along by.
    static final List<String> TRACE = List.of(TRACEPARENT, TRACESTATE);

    private Headers() {}

    /// Key of an ASCII header.
    public static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
