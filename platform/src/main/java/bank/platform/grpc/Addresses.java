package bank.platform.grpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Addresses of a service that runs at several: `host:port` with commas between. Names are looked up when the channel
/// begins, and again whenever a connection is lost or cannot be made.
final class Addresses extends NameResolverProvider {
    private static final String SCHEME = "bank";
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\s]+):([0-9]{1,5})");

    private final List<InetSocketAddress> names;

    /// @throws IllegalArgumentException when it is no such list
    Addresses(String addresses) {
        names = List.of(addresses.split(",", -1)).stream().map(Addresses::name).toList();
    }

    private static InetSocketAddress name(String address) {
        var match = ADDRESS.matcher(address.strip());
        if (!match.matches()) {
            throw new IllegalArgumentException("no host:port: " + address);
        }
        return InetSocketAddress.createUnresolved(match.group(1), Integer.parseInt(match.group(2)));
    }

    /// Target to open a channel with.
    String target() {
        return SCHEME + ":///" + names.getFirst().getHostString();
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return new Resolver(args.getOffloadExecutor());
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 5;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(InetSocketAddress.class);
    }

    private final class Resolver extends NameResolver {
        private final @Nullable Executor executor;
        private @Nullable Listener2 listener;

        Resolver(@Nullable Executor executor) {
            this.executor = executor;
        }

        @Override
        public String getServiceAuthority() {
            return names.getFirst().getHostString();
        }

        @Override
        public void start(Listener2 begun) {
            listener = begun;
            refresh();
        }

        @Override
        public void refresh() {
            var told = listener;
            if (told == null) {
                return;
            }
            if (executor == null) {
                told.onResult(found());
            } else {
                executor.execute(() -> told.onResult(found()));
            }
        }

        private ResolutionResult found() {
            var groups = new ArrayList<EquivalentAddressGroup>();
            @Nullable UnknownHostException unknown = null;
            for (var name : names) {
                try {
                    for (var address : InetAddress.getAllByName(name.getHostString())) {
                        groups.add(new EquivalentAddressGroup(new InetSocketAddress(address, name.getPort())));
                    }
                } catch (UnknownHostException e) {
                    unknown = e;
                }
            }
            return ResolutionResult.newBuilder()
                    .setAddressesOrError(
                            groups.isEmpty()
                                    ? StatusOr.fromStatus(Status.UNAVAILABLE
                                            .withDescription("no address is known")
                                            .withCause(unknown))
                                    : StatusOr.fromValue(List.copyOf(groups)))
                    .build();
        }

        @Override
        public void shutdown() {}
    }
}
