package bank.platform.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A call to another service. When that refuses the token of this one, whose key may have been withdrawn since it was
/// given, the call is made once more with another; unless it streams, for what it has sent is not kept.
final class ForwardedCall<Q, A> extends ForwardingClientCall<Q, A> {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardedCall.class);
    private static final Set<String> REFUSALS = Set.of("TOKEN_INVALID", "CALLER_SERVICE_INVALID");

    private final Supplier<ClientCall<Q, A>> calls;
    private final Forwarding forwarding;
    private boolean repeatable;
    private ClientCall<Q, A> call;
    private int requested;
    private @Nullable Q message;
    private boolean halfClosed;

    /// @param calls begins it
    /// @param forwarding what goes along
    /// @param repeatable it sends a single message
    ForwardedCall(Supplier<ClientCall<Q, A>> calls, Forwarding forwarding, boolean repeatable) {
        this.calls = calls;
        this.forwarding = forwarding;
        this.repeatable = repeatable;
        this.call = calls.get();
    }

    @Override
    protected synchronized ClientCall<Q, A> delegate() {
        return call;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
        var first = new Metadata();
        first.merge(headers);
        var own = forwarding.put(first);
        delegate().start(own == null ? listener : new Refusals(listener, headers, own), first);
    }

    @Override
    public synchronized void request(int count) {
        requested += count;
        call.request(count);
    }

    @Override
    public synchronized void sendMessage(Q sent) {
        message = repeatable ? sent : null;
        call.sendMessage(sent);
    }

    @Override
    public synchronized void halfClose() {
        halfClosed = true;
        call.halfClose();
    }

    @Override
    public synchronized void cancel(@Nullable String reason, @Nullable Throwable cause) {
        repeatable = false;
        call.cancel(reason, cause);
    }

    private synchronized boolean repeat(Listener<A> listener, Metadata headers) {
        if (!repeatable) {
            return false;
        }
        repeatable = false;
        call = calls.get();
        call.start(listener, headers);
        call.request(requested);
        if (message != null) {
            call.sendMessage(message);
        }
        if (halfClosed) {
            call.halfClose();
        }
        return true;
    }

    private static boolean refusesToken(Status status, Metadata trailers) {
        if (status.getCode() != Status.Code.UNAUTHENTICATED) {
            return false;
        }
        return StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList().stream()
                .filter(detail -> detail.is(ErrorInfo.class))
                .anyMatch(detail -> {
                    try {
                        return REFUSALS.contains(detail.unpack(ErrorInfo.class).getReason());
                    } catch (InvalidProtocolBufferException _) {
                        return false;
                    }
                });
    }

    /// Keeps the refusal of the first call from the caller, when a second is made.
    private final class Refusals extends SimpleForwardingClientCallListener<A> {
        private final Metadata headers;
        private final String own;

        Refusals(Listener<A> listener, Metadata headers, String own) {
            super(listener);
            this.headers = headers;
            this.own = own;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (!refusesToken(status, trailers)) {
                super.onClose(status, trailers);
                return;
            }
            forwarding.own().forget(own);
            if (!repeats()) {
                super.onClose(status, trailers);
            }
        }

        private boolean repeats() {
            var second = new Metadata();
            second.merge(headers);
            try {
                forwarding.put(second);
            } catch (RuntimeException e) {
                LOG.warn("after a refusal this service gets no other token: {}", e.toString());
                return false;
            }
            return repeat(delegate(), second);
        }
    }
}
