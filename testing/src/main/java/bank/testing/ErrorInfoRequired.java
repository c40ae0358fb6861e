package bank.testing;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Notes every failure that a service answers without exactly one `ErrorInfo`, so that a test can fail on it.
final class ErrorInfoRequired implements ServerInterceptor {
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
        return next.startCall(
                new SimpleForwardingServerCall<ReqT, RespT>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        if (!status.isOk() && !hasOneErrorInfo(status, trailers)) {
                            violations.add(
                                    call.getMethodDescriptor().getFullMethodName() + " answered " + status.getCode());
                        }
                        super.close(status, trailers);
                    }
                },
                headers);
    }

    private static boolean hasOneErrorInfo(Status status, Metadata trailers) {
        var details = StatusProto.fromStatusAndTrailers(status, trailers);
        return details.getDetailsList().stream()
                        .filter(ErrorInfoRequired::isErrorInfo)
                        .count()
                == 1;
    }

    private static boolean isErrorInfo(Any detail) {
        return detail.is(ErrorInfo.class);
    }

    /// Fails if there was a violation since the last time it was asked.
    void check() {
        if (!violations.isEmpty()) {
            var found = String.join(", ", violations);
            violations.clear();
            throw new AssertionError("failures must carry exactly one ErrorInfo: " + found);
        }
    }
}
