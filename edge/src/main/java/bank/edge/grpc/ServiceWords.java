package bank.edge.grpc;

import bank.edge.problem.GrpcAnswers;
import bank.edge.problem.UpstreamStatus;
import bank.edge.route.Rpc;
import bank.platform.failure.Failure;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Status;
import io.netty.util.AsciiString;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of a service's headers and trailers reaches a gRPC caller. Of failures of its framework or a proxy the code
/// does, their words do not. How an answer is framed between service and edge stays between them: a client of gRPC-Web
/// gets a longer body. Services that may not set headers of an HTTP answer may not by this way either.
final class ServiceWords {
    private static final Set<Status.Code> UNSPOKEN = Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN);

    private ServiceWords() {}

    /// The headers of an answer.
    ///
    /// @param failure what they tell of when they end the answer too; null for none
    static ResponseHeaders of(Rpc rpc, ResponseHeaders headers, @Nullable Failure failure) {
        var passed = headers.toBuilder();
        pass(rpc, headers, passed);
        if (failure != null && isUnspoken(headers, failure)) {
            passed.set(GrpcAnswers.status(failure));
        }
        return passed.build();
    }

    /// The trailers of an answer.
    ///
    /// @param failure what they tell of; null for none
    static HttpHeaders of(Rpc rpc, HttpHeaders trailers, @Nullable Failure failure) {
        var passed = trailers.toBuilder();
        pass(rpc, trailers, passed);
        if (failure != null && isUnspoken(trailers, failure)) {
            passed.set(GrpcAnswers.status(failure));
        }
        return passed.build();
    }

    private static void pass(Rpc rpc, HttpHeaders said, HttpHeadersBuilder passed) {
        for (AsciiString name : said.names()) {
            String text = name.toString();
            if (rpc.ways().told() ? HttpFields.isFraming(text) : HttpFields.isOfHttp(text)) {
                passed.remove(name);
            }
        }
    }

    private static boolean isUnspoken(HttpHeaders end, @Nullable Failure failure) {
        return failure != null
                && (UNSPOKEN.contains(UpstreamStatus.code(end)) || UpstreamStatus.isUnexplainedUnavailable(end));
    }
}
