package bank.platform.grpc;

import bank.platform.telemetry.Tracing;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Records a span for each rpc, in the trace its caller names. To the rpc, and so to the calls it makes, the span takes
/// the place of the one that came with the call. Of what is sent it holds names and the status alone.
final class TraceInterceptor implements ServerInterceptor {
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("rpc.grpc.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracing tracing;

    TraceInterceptor(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var method = call.getMethodDescriptor();
        var span = tracing.serving(method.getFullMethodName(), name -> values(headers, name))
                .setAttribute(SYSTEM, "grpc")
                .setAttribute(SERVICE, String.valueOf(method.getServiceName()))
                .setAttribute(METHOD, String.valueOf(method.getBareMethodName()))
                .startSpan();
        Headers.TRACE.forEach(name -> headers.discardAll(Headers.key(name)));
        Tracing.headers(span).forEach((name, value) -> headers.put(Headers.key(name), value));
        var end = new End(span, Context.current());
        try {
            return new TracedListener<>(next.startCall(new TracedCall<>(call, end), headers), end);
        } catch (RuntimeException | Error e) {
            end.with(Status.Code.UNKNOWN);
            throw e;
        }
    }

    private static List<String> values(Metadata headers, String name) {
        var values = new ArrayList<String>();
        var all = headers.getAll(Headers.key(name));
        if (all != null) {
            all.forEach(values::add);
        }
        return values;
    }

    /// End of a span, whichever of the answer and the loss of the caller comes first.
    private static final class End {
        private final Span span;
        private final Context context;
        private final AtomicBoolean reached = new AtomicBoolean();

        /// @param context cancelled when the call is, which its own listener is told only when no work of it runs
        End(Span span, Context context) {
            this.span = span;
            this.context = context;
        }

        void answered(Status.Code code) {
            if (code == Status.Code.OK && context.isCancelled()) {
                cancelled();
            } else {
                with(code);
            }
        }

        void cancelled() {
            with(
                    context.cancellationCause() instanceof TimeoutException
                            ? Status.Code.DEADLINE_EXCEEDED
                            : Status.Code.CANCELLED);
        }

        void with(Status.Code code) {
            if (!reached.compareAndSet(false, true)) {
                return;
            }
            span.setAttribute(STATUS, (long) code.value());
            if (Tracing.isFault(code)) {
                span.setAttribute(ERROR, code.name());
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }

    private static final class TracedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final End end;

        TracedCall(ServerCall<Q, A> call, End end) {
            super(call);
            this.end = end;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            end.answered(status.getCode());
            super.close(status, trailers);
        }
    }

    private static final class TracedListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final End end;

        TracedListener(ServerCall.Listener<Q> listener, End end) {
            super(listener);
            this.end = end;
        }

        @Override
        public void onCancel() {
            end.cancelled();
            super.onCancel();
        }
    }
}
