package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.netty.util.AsciiString;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/// Metadata of a client's or a service's own, as headers `Grpc-Metadata-X`. What the edge itself says of a request,
/// above all who sent it, nobody else can say by this way.
final class GrpcMetadata {
    private static final String PREFIX = "grpc-metadata-";
    private static final String BINARY = "-bin";
    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");
    private static final Pattern TEXT = Pattern.compile("[ -~]*");

    /// Names of the transport, and of what the edge vouches for.
    private static final Set<String> RESERVED = Set.of(
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "cookie",
            "date",
            "dpop",
            "forwarded",
            "host",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "server",
            "te",
            "trailer",
            "traceparent",
            "tracestate",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    /// Beginnings of such names.
    private static final Set<String> RESERVED_BEGINNINGS =
            Set.of("grpc-", "x-bank-", "x-client-", "x-forwarded-", "x-request-id");

    private GrpcMetadata() {}

    /// Adds what a client says by these headers to a call.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT with reason METADATA_INVALID when a name is
    ///     reserved, or name or value cannot be metadata
    static void pass(RequestHeaders client, RequestHeadersBuilder call) {
        for (AsciiString header : client.names()) {
            if (!header.startsWith(PREFIX)) {
                continue;
            }
            String name = header.toString().substring(PREFIX.length());
            if (!NAME.matcher(name).matches() || isReserved(name) || call.contains(name)) {
                throw invalid(header, "the name");
            }
            for (String value : client.getAll(header)) {
                if (!(name.endsWith(BINARY)
                        ? isBase64(value)
                        : TEXT.matcher(value).matches())) {
                    throw invalid(header, "the value");
                }
                call.add(name, value);
            }
        }
    }

    /// Adds what a service says beyond the protocol to an answer.
    static void tell(ResponseHeaders told, ResponseHeadersBuilder answer) {
        for (AsciiString name : told.names()) {
            if (!name.startsWith(":") && !isReserved(name.toString())) {
                answer.set(PREFIX + name, told.getAll(name));
            }
        }
    }

    private static boolean isReserved(String name) {
        return RESERVED.contains(name) || RESERVED_BEGINNINGS.stream().anyMatch(name::startsWith);
    }

    private static boolean isBase64(String value) {
        try {
            byte[] _ = Base64.getDecoder().decode(value);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static RuntimeException invalid(AsciiString header, String what) {
        return EdgeFailures.malformed("METADATA_INVALID", "header " + header + ": " + what + " cannot be metadata")
                .exception();
    }
}
