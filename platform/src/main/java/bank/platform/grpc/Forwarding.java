package bank.platform.grpc;

import bank.platform.auth.OwnToken;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Puts on a call what goes along from the running one, and the token it is made by.
///
/// @param own gives tokens of this service
/// @param asCaller calls carry the token of the caller of the running rpc, and one of this service only beside one that
///     is bound to a key; otherwise they carry one of this service
record Forwarding(OwnToken own, boolean asCaller) implements ClientInterceptor {
    private static final Duration TIME_MAX = Duration.ofSeconds(10);
    private static final String SCHEME = "Bearer ";

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        var bounded = options.getDeadline() == null
                ? options.withDeadlineAfter(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS)
                : options;
        return new ForwardedCall<>(
                () -> next.newCall(method, bounded), this, method.getType().clientSendsOneMessage());
    }

    /// Puts everything on the headers of a call.
    ///
    /// @return the token of this service among it; null when there is none
    @Nullable
    String put(Metadata headers) {
        var call = Call.orNull();
        if (call != null) {
            put(headers, Headers.REQUEST_ID, call.requestId());
            put(headers, Headers.VALIDATE_ONLY, call.validateOnly() ? "true" : null);
        }
        if (!asCaller) {
            var token = own.get();
            put(headers, Headers.AUTHORIZATION, SCHEME + token);
            return token;
        }
        var passed = call == null ? null : call.header(Headers.AUTHORIZATION);
        put(headers, Headers.AUTHORIZATION, passed);
        if (passed == null || !PossessionCheck.isClaimed(passed)) {
            return null;
        }
        var token = own.get();
        put(headers, Headers.CALLER_SERVICE, SCHEME + token);
        return token;
    }

    private static void put(Metadata headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(Headers.key(name), value);
        }
    }
}
