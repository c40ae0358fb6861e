package bank.platform.grpc;

import bank.platform.failure.Failure;
import bank.platform.telemetry.LoggedRequest;
import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Opens the `Call` of each rpc and puts its headers on the answer: request id, entity tag, what the
/// rpc says of HTTP. The request id is on every line logged meanwhile, too.
final class CallInterceptor implements ServerInterceptor {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> serverCall, Metadata headers, ServerCallHandler<Q, A> next) {
        var call = new Call(
                serverCall.getMethodDescriptor().getFullMethodName(),
                headers,
                requestId(headers.get(Headers.key(Headers.REQUEST_ID))),
                peer(serverCall.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
        call.answer(Headers.REQUEST_ID, call.requestId());
        var context = Context.current().withValue(Call.KEY, call);
        return LoggedRequest.get(
                call.requestId(),
                () -> new LoggedListener<>(
                        Contexts.interceptCall(context, new HeaderCall<>(serverCall, call), headers, next),
                        call.requestId()));
    }

    private static String requestId(@Nullable String given) {
        return given != null && REQUEST_ID.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }

    private static String peer(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : "";
    }

    /// Holds the headers back until the first message, whose etag they carry. An answer without a message
    /// carries them in its trailers.
    private static final class HeaderCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Call call;
        private @Nullable Metadata held;
        private boolean released;

        HeaderCall(ServerCall<Q, A> delegate, Call call) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            held = headers;
        }

        @Override
        public void sendMessage(A message) {
            if (held != null) {
                if (message instanceof Message proto) {
                    tag(proto);
                }
                release();
            }
            super.sendMessage(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (held != null && status.isOk()) {
                release();
            } else if (!released) {
                trailers.merge(call.answerHeaders());
            } else if (!status.isOk()) {
                trailers.put(Headers.key(Headers.REQUEST_ID), call.requestId());
            }
            super.close(status, status.isOk() ? trailers : explained(status, trailers));
        }

        /// A failure that did not come by way of a `Failure`, such as that of an rpc not built yet.
        private static Metadata explained(Status status, Metadata trailers) {
            if (!trailers.containsKey(DETAILS)) {
                var code = status.getCode();
                var told = status.getDescription() == null ? code.name() : status.getDescription();
                var plain = Failure.of(code, code.name(), told).toStatus().getTrailers();
                if (plain != null) {
                    trailers.merge(plain);
                }
            }
            return trailers;
        }

        private void release() {
            var headers = held;
            held = null;
            if (headers != null) {
                released = true;
                headers.merge(call.answerHeaders());
                super.sendHeaders(headers);
            }
        }

        private void tag(Message message) {
            var field = message.getDescriptorForType().findFieldByName("etag");
            if (field != null && message.getField(field) instanceof String etag && !etag.isEmpty()) {
                call.answer(Headers.ETAG, etag);
                call.answerHttp(Headers.ETAG, "\"" + etag + "\"");
            }
        }
    }
}
