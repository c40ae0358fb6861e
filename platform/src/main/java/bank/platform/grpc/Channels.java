package bank.platform.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Channels to other services. The trace of the running call goes along with every call made within it, and so do, by
/// [#asCaller] and [#asService], its request id, a dry run and its deadline; a call without a deadline gets one of 10
/// seconds there.
public final class Channels {
    private static final Duration TIME_MAX = Duration.ofSeconds(10);

    private Channels() {}

    /// Opens a channel to `host:port`, or to several of these with commas between, which take calls in turn as long as
    /// they can be reached.
    ///
    /// @throws IllegalArgumentException when one of several is of another form
    public static ManagedChannel open(String address) {
        return builder(address)
                .usePlaintext()
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .keepAliveTime(30, TimeUnit.SECONDS)
                .intercept(new TraceForwarding())
                .build();
    }

    @SuppressWarnings("deprecation")
    private static NettyChannelBuilder builder(String address) {
        if (!address.contains(",")) {
            return NettyChannelBuilder.forTarget(address);
        }
        var addresses = new Addresses(address);
        return NettyChannelBuilder.forTarget(addresses.target())
                .nameResolverFactory(addresses)
                .defaultLoadBalancingPolicy("round_robin");
    }

    /// Calls on it carry the token of the caller of the running rpc. Where that is bound to a key, whose proof was for
    /// this service alone, they tell by a token of its own which service passes it on.
    ///
    /// @param token gives an access token of this service with the scope [PossessionCheck#FORWARDING]
    public static Channel asCaller(Channel channel, Supplier<String> token) {
        return ClientInterceptors.intercept(channel, new Forwarding(Channels::callersToken, () -> {
            var passed = callersToken();
            return passed != null && PossessionCheck.isClaimed(passed) ? "Bearer " + token.get() : null;
        }));
    }

    private static @Nullable String callersToken() {
        var call = Call.orNull();
        return call == null ? null : call.header(Headers.AUTHORIZATION);
    }

    /// Calls on it carry a token of this service itself.
    ///
    /// @param token gives a good access token
    public static Channel asService(Channel channel, Supplier<String> token) {
        return ClientInterceptors.intercept(channel, new Forwarding(() -> "Bearer " + token.get(), () -> null));
    }

    private static final class TraceForwarding implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    var call = Call.orNull();
                    if (call != null) {
                        call.passTrace(headers);
                    }
                    super.start(listener, headers);
                }
            };
        }
    }

    private record Forwarding(Supplier<@Nullable String> authorization, Supplier<@Nullable String> service)
            implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            var bounded = options.getDeadline() == null
                    ? options.withDeadlineAfter(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    : options;
            return new SimpleForwardingClientCall<>(next.newCall(method, bounded)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    put(headers, Headers.AUTHORIZATION, authorization.get());
                    put(headers, Headers.CALLER_SERVICE, service.get());
                    var call = Call.orNull();
                    if (call != null) {
                        put(headers, Headers.REQUEST_ID, call.requestId());
                        put(headers, Headers.VALIDATE_ONLY, call.validateOnly() ? "true" : null);
                    }
                    super.start(listener, headers);
                }
            };
        }

        private static void put(Metadata headers, String name, @Nullable String value) {
            if (value != null) {
                headers.put(Headers.key(name), value);
            }
        }
    }
}
