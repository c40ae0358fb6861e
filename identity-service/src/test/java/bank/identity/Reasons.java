package bank.identity;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// How calls made at the same time end.
final class Reasons {
    /// What a call that succeeds is told as.
    static final String NONE = "none";

    private Reasons() {}

    /// Makes the calls at the same time; for each the reason it failed for, or `NONE`.
    static List<String> together(List<Callable<?>> calls) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(calls.size())) {
            var reasons = new ArrayList<String>();
            for (var future : threads.invokeAll(calls.stream().map(Reasons::of).toList())) {
                reasons.add(future.get());
            }
            return reasons;
        }
    }

    private static Callable<String> of(Callable<?> call) {
        return () -> {
            try {
                call.call();
                return NONE;
            } catch (StatusRuntimeException e) {
                return of(e);
            }
        };
    }

    /// The reason a call failed for, or its code when it tells none.
    static String of(Throwable failure) {
        var status = StatusProto.fromThrowable(failure);
        try {
            for (var detail : status == null ? List.<com.google.protobuf.Any>of() : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    return detail.unpack(ErrorInfo.class).getReason();
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("malformed status details", e);
        }
        return Status.fromThrowable(failure).getCode().name();
    }
}
