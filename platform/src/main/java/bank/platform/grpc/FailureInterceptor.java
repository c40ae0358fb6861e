package bank.platform.grpc;

import bank.platform.db.DatabaseUnavailableException;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.platform.failure.FailureTranslator;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what an rpc throws into the answer its caller gets. What is no known failure is a bug: the
/// caller gets INTERNAL with the request id, the cause goes to the log alone.
public final class FailureInterceptor implements ServerInterceptor {
    private static final Logger log = LoggerFactory.getLogger(FailureInterceptor.class);

    private final FailureTranslator translator;

    FailureInterceptor(FailureTranslator translator) {
        this.translator = translator;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener;
        try {
            listener = next.startCall(call, headers);
        } catch (RuntimeException e) {
            close(call, e);
            return new ServerCall.Listener<>() {};
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            private boolean closed;

            @Override
            public void onMessage(Q message) {
                guarded(() -> super.onMessage(message));
            }

            @Override
            public void onHalfClose() {
                guarded(super::onHalfClose);
            }

            @Override
            public void onReady() {
                guarded(super::onReady);
            }

            @Override
            public void onCancel() {
                if (!closed) {
                    super.onCancel();
                }
            }

            @Override
            public void onComplete() {
                if (!closed) {
                    super.onComplete();
                }
            }

            private void guarded(Runnable work) {
                if (closed) {
                    return;
                }
                try {
                    work.run();
                } catch (RuntimeException e) {
                    closed = true;
                    // Lets the rpc free what it holds; nothing more reaches it.
                    super.onCancel();
                    close(call, e);
                }
            }
        };
    }

    private void close(ServerCall<?, ?> call, RuntimeException e) {
        var status = status(e, translator);
        call.close(status.getStatus(), status.getTrailers() == null ? new Metadata() : status.getTrailers());
    }

    /// What a caller is told of an exception.
    public static StatusRuntimeException status(RuntimeException e, FailureTranslator translator) {
        return failure(e, translator).toStatus();
    }

    /// What a caller is told of an exception, as a failure.
    public static Failure failure(RuntimeException e, FailureTranslator translator) {
        var call = Call.orNull();
        if (call != null) {
            call.dropHttp();
        }
        if (e instanceof FailureException known) {
            return known.failure();
        }
        var translated = translator.translate(e);
        if (translated != null) {
            return translated;
        }
        var rpc = call == null ? "" : call.rpc();
        var passed = upstream(e);
        if (passed != null) {
            if (passed.code() == Status.Code.CANCELLED) {
                log.debug("{}: the caller went away", rpc);
            } else {
                log.warn("{}: upstream failed: {}", rpc, e.toString());
            }
            return passed;
        }
        if (e instanceof DatabaseUnavailableException) {
            log.error("{}: database unavailable", rpc, e);
            return Failure.of(Status.Code.UNAVAILABLE, "DATABASE_UNAVAILABLE", "the service has no database now")
                    .retryAfter(Duration.ofSeconds(2));
        }
        log.error("{}: unexpected failure", rpc, e);
        var id = call == null ? "" : call.requestId();
        return Failure.of(Status.Code.INTERNAL, "INTERNAL", "something broke here; tell us the request id " + id);
    }

    /// What another service that did not answer in time, or at all, means to the caller of this one.
    private static @Nullable Failure upstream(RuntimeException e) {
        if (!(e instanceof StatusRuntimeException status)) {
            return null;
        }
        return switch (status.getStatus().getCode()) {
            case UNAVAILABLE ->
                Failure.of(Status.Code.UNAVAILABLE, "UPSTREAM_UNAVAILABLE", "a service needed for this is down")
                        .retryAfter(Duration.ofSeconds(1));
            case DEADLINE_EXCEEDED ->
                Failure.of(Status.Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "the deadline passed");
            case CANCELLED -> Failure.of(Status.Code.CANCELLED, "CANCELLED", "the call was cancelled");
            default -> null;
        };
    }
}
