package bank.edge.grpc;

import bank.edge.problem.GrpcAnswers;
import bank.edge.problem.UpstreamStatus;
import bank.edge.route.Rpc;
import bank.platform.failure.Failure;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Status;
import io.netty.util.AsciiString;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of a service's headers and trailers reaches a gRPC caller. Of failures of its framework or a proxy the code
/// does, their words do not. Services that may not set headers of an HTTP answer may not by this way either.
final class ServiceWords {
    private static final Set<Status.Code> UNSPOKEN = Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN);

    /// Headers that browsers, caches and this edge go by.
    private static final Set<String> OF_HTTP = Set.of(
            "alt-svc",
            "cache-control",
            "clear-site-data",
            "content-security-policy",
            "link",
            "location",
            "refresh",
            "set-cookie",
            "strict-transport-security",
            "www-authenticate",
            "x-request-id");

    private static final String ACROSS_ORIGINS = "access-control-";

    private ServiceWords() {}

    /// The headers of an answer.
    ///
    /// @param failure what they tell of when they end the answer too; null for none
    static ResponseHeaders of(Rpc rpc, ResponseHeaders headers, @Nullable Failure failure) {
        if (rpc.ways().told() && !isUnspoken(headers, failure)) {
            return headers;
        }
        var passed = headers.toBuilder();
        if (!rpc.ways().told()) {
            for (AsciiString name : headers.names()) {
                if (OF_HTTP.contains(name.toString()) || name.startsWith(ACROSS_ORIGINS)) {
                    passed.remove(name);
                }
            }
        }
        if (failure != null && isUnspoken(headers, failure)) {
            passed.set(GrpcAnswers.status(failure));
        }
        return passed.build();
    }

    /// The trailers of an answer.
    ///
    /// @param failure what they tell of; null for none
    static HttpHeaders of(HttpHeaders trailers, @Nullable Failure failure) {
        return failure != null && isUnspoken(trailers, failure)
                ? trailers.toBuilder().set(GrpcAnswers.status(failure)).build()
                : trailers;
    }

    private static boolean isUnspoken(HttpHeaders end, @Nullable Failure failure) {
        return failure != null
                && (UNSPOKEN.contains(UpstreamStatus.code(end)) || UpstreamStatus.isUnexplainedUnavailable(end));
    }
}
