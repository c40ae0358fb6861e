package bank.edge.transcode;

import bank.edge.auth.TokenGate;
import bank.edge.route.Rpc;
import bank.platform.grpc.Headers;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The metadata of a call to a service. Only what is listed here goes along from the client's headers.
public final class CallHeaders {
    private static final List<AsciiString> PASSED = Stream.of(
                    Headers.IDEMPOTENCY_KEY,
                    Headers.VALIDATE_ONLY,
                    Headers.IF_MATCH,
                    Headers.IF_NONE_MATCH,
                    Headers.RANGE,
                    Headers.IF_RANGE,
                    Headers.TRACEPARENT,
                    Headers.TRACESTATE,
                    "accept-language")
            .map(AsciiString::cached)
            .toList();
    private static final int AGENT_LENGTH_MAX = 256;

    private CallHeaders() {}

    /// Headers to begin a call with.
    ///
    /// @param rpc what is called
    /// @param call method and path, see [bank.edge.upstream.Upstreams#headers]
    /// @param client headers the client sent
    /// @param admitted who sent them, and what is passed on of that
    /// @param requestId id of the request
    /// @param address address of the client
    /// @param timeout time for the call
    /// @throws bank.platform.failure.FailureException when a header is no metadata though it says so
    public static RequestHeadersBuilder of(
            Rpc rpc,
            RequestHeadersBuilder call,
            RequestHeaders client,
            TokenGate.Admitted admitted,
            String requestId,
            String address,
            Duration timeout) {
        var headers = call.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                .set(HttpHeaderNames.TE, "trailers")
                .set("grpc-timeout", Math.min(timeout.toMillis(), 99_999_999) + "m")
                .set(Headers.REQUEST_ID, requestId)
                .set(Headers.CLIENT_ADDRESS, address);
        for (AsciiString name : PASSED) {
            if (client.contains(name)) {
                headers.set(name, client.getAll(name));
            }
        }
        String agent = client.get(HttpHeaderNames.USER_AGENT);
        if (agent != null) {
            headers.set(Headers.CLIENT_AGENT, agent.substring(0, Math.min(agent.length(), AGENT_LENGTH_MAX)));
        }
        if (admitted.authorization() != null) {
            headers.set(HttpHeaderNames.AUTHORIZATION, admitted.authorization());
        }
        if (admitted.service() != null) {
            headers.set(Headers.CALLER_SERVICE, admitted.service());
        }
        if (rpc.ways().metadata()) {
            GrpcMetadata.pass(client, headers);
        }
        return headers;
    }
}
