package bank.edge.http;

import bank.edge.RequestLabels;
import bank.platform.config.InvalidSettingsException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.util.InetAddressPredicates;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Whose address counts as the client's: that of the connection, or, where a trusted proxy is at its other end, the one
/// the proxies tell. Each proxy adds the address it was called from at the end of the header, and everything
/// before is whatever the client sent: so the last address that is no trusted proxy counts, and what cannot
/// be read ends the search. (Armeria's own reading begins with the first address, which a client can make
/// up.)
final class ClientAddresses extends SimpleDecoratingHttpService {
    private static final String FORWARDED = "forwarded";
    private static final Set<String> HEADERS = Set.of("x-forwarded-for", FORWARDED);

    private final Predicate<InetAddress> proxy;
    private final String header;

    private ClientAddresses(HttpService delegate, Predicate<InetAddress> proxy, String header) {
        super(delegate);
        this.proxy = proxy;
        this.header = header;
    }

    static HttpService around(HttpService service, ProxyConfig config) {
        List<String> trusted = config.trusted().orElse(List.of());
        return trusted.isEmpty() ? service : new ClientAddresses(service, anyOf(trusted), header(config));
    }

    /// @throws InvalidSettingsException when an address or the header's name is none
    static void check(ProxyConfig config) {
        anyOf(config.trusted().orElse(List.of()));
        if (!HEADERS.contains(header(config))) {
            throw new InvalidSettingsException(
                    List.of("bank.edge.proxies.header must be x-forwarded-for or forwarded"));
        }
    }

    private static String header(ProxyConfig config) {
        return config.header().toLowerCase(Locale.ROOT);
    }

    private static Predicate<InetAddress> anyOf(List<String> networks) {
        Predicate<InetAddress> any = _ -> false;
        for (String network : networks) {
            try {
                any = any.or(
                        network.contains("/")
                                ? InetAddressPredicates.ofCidr(network.strip())
                                : InetAddressPredicates.ofExact(network.strip()));
            } catch (IllegalArgumentException _) {
                throw new InvalidSettingsException(
                        List.of("bank.edge.proxies.trusted: " + network + " is neither an address nor a network"));
            }
        }
        return any;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        InetAddress peer = RequestLabels.address(ctx);
        if (proxy.test(peer)) {
            RequestLabels.address(ctx, client(peer, request.headers().getAll(header)));
        }
        return ((HttpService) unwrap()).serve(ctx, request);
    }

    private InetAddress client(InetAddress peer, List<String> lines) {
        InetAddress nearest = peer;
        List<String> hops = List.of(String.join(",", lines).split(",", -1));
        for (String hop : hops.reversed()) {
            InetAddress told = address(header.equals(FORWARDED) ? forwardedFor(hop) : hop.strip());
            if (told == null) {
                return nearest;
            }
            nearest = told;
            if (!proxy.test(told)) {
                return told;
            }
        }
        return nearest;
    }

    /// The node of `for="[2001:db8::1]:4711";proto=https` (RFC 7239, section 4); empty when there is none.
    private static String forwardedFor(String hop) {
        for (String pair : hop.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase("for")) {
                String node = pair.substring(equals + 1).strip();
                boolean quoted = node.length() > 1 && node.startsWith("\"") && node.endsWith("\"");
                return quoted ? node.substring(1, node.length() - 1) : node;
            }
        }
        return "";
    }

    /// `192.0.2.7`, `192.0.2.7:80`, `2001:db8::1` or `[2001:db8::1]:80` as an address; null for anything else.
    private static @Nullable InetAddress address(String node) {
        String host = node;
        int colon = node.indexOf(':');
        if (node.startsWith("[")) {
            host = node.substring(1, Math.max(1, node.indexOf(']')));
        } else if (colon >= 0 && colon == node.lastIndexOf(':')) {
            host = node.substring(0, colon);
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException _) {
            return null;
        }
    }
}
