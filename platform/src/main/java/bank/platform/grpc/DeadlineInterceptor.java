package bank.platform.grpc;

import bank.platform.failure.Failure;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;

/// Ends calls whose callers asked for more time than there is, or for none: DEADLINE_EXCEEDED, and the work stops.
/// What callers asked for within the limits, gRPC itself sees to.
final class DeadlineInterceptor implements ServerInterceptor {
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
        var current = Context.current();
        var end = times.end(call.getMethodDescriptor(), current.getDeadline());
        if (end == null) {
            return next.startCall(call, headers);
        }
        var context = current.withDeadline(end, timer);
        var timed = new TimedCall<>(call);
        context.addListener(
                ended -> {
                    if (ended.cancellationCause() instanceof TimeoutException) {
                        timed.expire();
                    }
                },
                Runnable::run);
        return new TimedListener<>(Contexts.interceptCall(context, timed, headers, next), timed, context);
    }

    /// A call that two may end: the rpc, and the clock.
    private static final class TimedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private boolean closed;
        private boolean expired;

        TimedCall(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!expired) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!expired) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!expired) {
                closed = true;
                super.close(status, trailers);
            }
        }

        @Override
        public synchronized boolean isCancelled() {
            return expired || super.isCancelled();
        }

        synchronized boolean expired() {
            return expired;
        }

        synchronized void expire() {
            if (!closed) {
                expired = true;
                var failure = Failure.of(Status.Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "the deadline passed")
                        .toStatus();
                super.close(
                        failure.getStatus(), failure.getTrailers() == null ? new Metadata() : failure.getTrailers());
            }
        }
    }

    /// To the rpc a call that the clock ended is one that was cancelled.
    private static final class TimedListener<Q, A> extends SimpleForwardingServerCallListener<Q> {
        private final TimedCall<Q, A> call;
        private final Context.CancellableContext context;

        TimedListener(ServerCall.Listener<Q> listener, TimedCall<Q, A> call, Context.CancellableContext context) {
            super(listener);
            this.call = call;
            this.context = context;
        }

        @Override
        public void onComplete() {
            try {
                if (call.expired()) {
                    super.onCancel();
                } else {
                    super.onComplete();
                }
            } finally {
                context.cancel(null);
            }
        }

        @Override
        public void onCancel() {
            try {
                super.onCancel();
            } finally {
                context.cancel(null);
            }
        }
    }
}
