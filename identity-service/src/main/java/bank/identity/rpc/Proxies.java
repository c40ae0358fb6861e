package bank.identity.rpc;

import bank.identity.model.AddressRange;
import bank.platform.grpc.Headers;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose word on the client's address and agent is believed, the edge's for one. Of everybody else's calls it is
/// dropped, so that nobody chooses the address his failures are counted by.
public final class Proxies implements ServerInterceptor {
    private static final Logger log = LoggerFactory.getLogger(Proxies.class);

    private final List<AddressRange> believed;
    private final AtomicBoolean warned = new AtomicBoolean();

    /// @param believed where they call from
    public Proxies(List<AddressRange> believed) {
        this.believed = List.copyOf(believed);
    }

    /// The services behind this check.
    public List<BindableService> before(List<? extends BindableService> services) {
        return services.stream()
                .<BindableService>map(service -> () -> ServerInterceptors.intercept(service, this))
                .toList();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!isBelieved(call)) {
            warn(call, headers);
            // These are the headers that the running `Call` shows.
            headers.discardAll(Headers.key(Headers.CLIENT_ADDRESS));
            headers.discardAll(Headers.key(Headers.CLIENT_AGENT));
        }
        return next.startCall(call, headers);
    }

    /// Once, for anybody may send the header. An edge that is not believed makes all its users one address.
    private void warn(ServerCall<?, ?> call, Metadata headers) {
        if (headers.containsKey(Headers.key(Headers.CLIENT_ADDRESS)) && warned.compareAndSet(false, true)) {
            log.warn(
                    "{} tells the addresses of its clients and is not believed, so that they count as one: if it is an"
                            + " edge, name it in BANK_IDENTITY_PROXIES",
                    call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        }
    }

    private boolean isBelieved(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress peer
                && peer.getAddress() != null
                && believed.stream().anyMatch(range -> range.covers(peer.getAddress()));
    }
}
