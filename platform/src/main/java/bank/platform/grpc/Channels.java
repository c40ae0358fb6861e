package bank.platform.grpc;

import bank.platform.auth.OwnToken;
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
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Channels to other services. The trace of the running call goes along with every call made within it, and so do, by
/// [#asCaller] and [#asService], its request id, a dry run and its deadline; a call without a deadline gets one of 10
/// seconds there. One of a single message that is refused for the token of this service is made once more, with
/// another.
public final class Channels {
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
    public static Channel asCaller(Channel channel, OwnToken token) {
        return ClientInterceptors.intercept(channel, new Forwarding(token, true));
    }

    /// Calls on it carry a token of this service itself.
    ///
    /// @param token gives a good access token
    public static Channel asService(Channel channel, OwnToken token) {
        return ClientInterceptors.intercept(channel, new Forwarding(token, false));
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
}
