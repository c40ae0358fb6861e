package bank.platform.grpc;

import bank.platform.failure.Failure;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;

/// A call that two may end: the rpc, and the clock.
final class TimedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Failure failure;
    private boolean closed;
    private boolean expired;

    /// When the clock ends a call, and what its caller is told then.
    record End(Deadline at, Failure failure) {}

    private TimedCall(ServerCall<Q, A> call, Failure failure) {
        super(call);
        this.failure = failure;
    }

    /// Begins a call that the clock may end.
    ///
    /// @param end before the deadline of the context
    /// @param timer ends it
    static <Q, A> ServerCall.Listener<Q> start(
            ServerCall<Q, A> call,
            Metadata headers,
            ServerCallHandler<Q, A> next,
            End end,
            ScheduledExecutorService timer) {
        var context = Context.current().withDeadline(end.at(), timer);
        var timed = new TimedCall<>(call, end.failure());
        context.addListener(
                ended -> {
                    if (ended.cancellationCause() instanceof TimeoutException) {
                        timed.expire();
                    }
                },
                Runnable::run);
        return new TimedListener<>(Contexts.interceptCall(context, timed, headers, next), timed, context);
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
            var status = failure.toStatus();
            super.close(status.getStatus(), status.getTrailers() == null ? new Metadata() : status.getTrailers());
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
