package bank.identity.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Where a client is, as far as he cannot choose it: his IPv4 address, or the /64 his IPv6 address is in.
///
/// @param name e.g. `192.0.2.7` or `2001:db8:0:1::/64`
public record ClientNetwork(String name) {
    private static final int PREFIX_BYTES = 8;
    private static final String SUFFIX = "::/64";

    /// The network of an address in text form; empty when it is none.
    public static Optional<ClientNetwork> of(String address) {
        try {
            return Optional.of(new ClientNetwork(name(InetAddress.ofLiteral(address))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The networks around this one that a single subscriber may have, the narrower first: of IPv6 the /56,
    /// which households get, and the /48, which tunnel brokers give away. Of IPv4 none, for its addresses are
    /// scarce.
    public List<ClientNetwork> wider() {
        if (!name.endsWith(SUFFIX)) {
            return List.of();
        }
        var groups = name.substring(0, name.length() - SUFFIX.length());
        var last = groups.length() - 4;
        return List.of(
                new ClientNetwork(groups.substring(0, last + 2) + "00::/56"),
                new ClientNetwork(groups.substring(0, last - 1) + "::/48"));
    }

    private static String name(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        var prefix = HexFormat.ofDelimiter("").formatHex(Arrays.copyOf(address.getAddress(), PREFIX_BYTES));
        return prefix.replaceAll("(.{4})(?!$)", "$1:") + SUFFIX;
    }
}
