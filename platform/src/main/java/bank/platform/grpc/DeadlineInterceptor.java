package bank.platform.grpc;

import bank.platform.failure.Failure;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;

/// Ends calls whose callers asked for more time than there is, or for none: DEADLINE_EXCEEDED, and the work stops.
/// What callers asked for within the limits, gRPC itself sees to.
final class DeadlineInterceptor implements ServerInterceptor {
    private static final Failure PASSED =
            Failure.of(Status.Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "the deadline passed");

    private final CallTimes times;
    private final ScheduledExecutorService timer;

    /// @param timer ends calls; its work is short
    DeadlineInterceptor(CallTimes times, ScheduledExecutorService timer) {
        this.times = times;
        this.timer = timer;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var end = times.end(call.getMethodDescriptor(), Context.current().getDeadline());
        return end == null
                ? next.startCall(call, headers)
                : TimedCall.start(call, headers, next, new TimedCall.End(end, PASSED), timer);
    }
}
