package bank.edge.transcode;

import bank.edge.auth.TokenGate;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.Rpc;
import bank.platform.failure.Failure;
import bank.platform.grpc.Headers;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The metadata of a call to a service. Only what is listed here goes along from the client's headers.
public final class CallHeaders {
    /// Of these a second value contradicts the first, and none can be taken for the one meant.
    private static final List<AsciiString> SOLE =
            cached(Headers.IDEMPOTENCY_KEY, Headers.VALIDATE_ONLY, Headers.RANGE, Headers.IF_RANGE);

    /// Lists, which may come in several headers (RFC 9110, section 5.3).
    private static final List<AsciiString> LISTS = cached(Headers.IF_MATCH, Headers.IF_NONE_MATCH, "accept-language");

    private static final AsciiString ADDRESS = AsciiString.cached(Headers.CLIENT_ADDRESS);
    private static final AsciiString AGENT = AsciiString.cached(Headers.CLIENT_AGENT);
    private static final AsciiString SERVICE = AsciiString.cached(Headers.CALLER_SERVICE);
    private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    private static final AsciiString TRACEPARENT = AsciiString.cached(Headers.TRACEPARENT);
    private static final AsciiString TRACESTATE = AsciiString.cached(Headers.TRACESTATE);
    private static final int AGENT_LENGTH_MAX = 256;

    /// What each header counts for beside its name and its value (RFC 9113, section 6.5.2).
    private static final int HEADER_BYTES = 32;

    /// It is added where the message is there; messages have up to seven digits.
    private static final int CONTENT_LENGTH_BYTES = "content-length".length() + 7 + HEADER_BYTES;

    private static final long TIMEOUT_MILLIS_MAX = 99_999_999;

    /// It is added where the call begins; milliseconds have up to eight digits, and a letter for the unit.
    private static final int TIMEOUT_BYTES = TIMEOUT.length() + 9 + HEADER_BYTES;

    private CallHeaders() {}

    private static List<AsciiString> cached(String... names) {
        return Stream.of(names).map(AsciiString::cached).toList();
    }

    /// Headers to call with, which yet have to say [how long][#within] the call may take. Whoever knows the length of
    /// the message says it too, which spares a copy that Armeria makes to say it.
    ///
    /// @param rpc what is called
    /// @param call what the call begins with, see [bank.edge.upstream.Upstreams#headers]
    /// @param client headers the client sent
    /// @param admitted who sent them, and what is passed on of that
    /// @param requestId id of the request
    /// @param address address of the client
    /// @param bytesMax longest headers, as HTTP/2 counts them
    /// @throws bank.platform.failure.FailureException INVALID_HEADER when a header that may come once came twice,
    ///     METADATA_INVALID when one is no metadata though it says so, HEADERS_TOO_LARGE when they are too long
    public static RequestHeadersBuilder of(
            Rpc rpc,
            RequestHeadersBuilder call,
            RequestHeaders client,
            TokenGate.Admitted admitted,
            String requestId,
            String address,
            int bytesMax) {
        var headers = call.set(HttpHeaderNames.X_REQUEST_ID, requestId).set(ADDRESS, address);
        for (AsciiString name : SOLE) {
            if (client.contains(name)) {
                headers.set(name, sole(name, client.getAll(name)));
            }
        }
        for (AsciiString name : LISTS) {
            if (client.contains(name)) {
                headers.set(name, client.getAll(name));
            }
        }
        trace(client, headers);
        String agent = client.get(HttpHeaderNames.USER_AGENT);
        if (agent != null) {
            headers.set(AGENT, agent.substring(0, Math.min(agent.length(), AGENT_LENGTH_MAX)));
        }
        if (admitted.authorization() != null) {
            headers.set(HttpHeaderNames.AUTHORIZATION, admitted.authorization());
        }
        if (admitted.service() != null) {
            headers.set(SERVICE, admitted.service());
        }
        if (rpc.ways().metadata()) {
            GrpcMetadata.pass(client, headers);
        }
        if (bytes(headers) > bytesMax) {
            throw EdgeFailures.headersTooLarge().exception();
        }
        return headers;
    }

    /// Says how long the call may take from now on.
    public static RequestHeadersBuilder within(RequestHeadersBuilder call, Duration left) {
        return call.set(TIMEOUT, Math.clamp(left.toMillis(), 1, TIMEOUT_MILLIS_MAX) + "m");
    }

    /// The value of a header that may come once.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_HEADER when it came more often
    static String sole(AsciiString name, List<String> values) {
        if (values.size() > 1) {
            throw Failure.invalid("INVALID_HEADER", name.toString(), "sent more than once")
                    .exception();
        }
        return values.getFirst();
    }

    /// Of two parents neither is known to be the one, and without a parent the state says nothing (W3C Trace Context,
    /// section 3.2.2): then a trace begins anew.
    private static void trace(RequestHeaders client, RequestHeadersBuilder headers) {
        List<String> parents = client.getAll(TRACEPARENT);
        if (parents.size() == 1) {
            headers.set(TRACEPARENT, parents.getFirst());
            if (client.contains(TRACESTATE)) {
                headers.set(TRACESTATE, client.getAll(TRACESTATE));
            }
        }
    }

    private static long bytes(RequestHeadersBuilder headers) {
        long bytes = (long) CONTENT_LENGTH_BYTES + TIMEOUT_BYTES;
        for (Map.Entry<AsciiString, String> header : headers) {
            bytes += header.getKey().length() + header.getValue().length() + HEADER_BYTES;
        }
        return bytes;
    }
}
