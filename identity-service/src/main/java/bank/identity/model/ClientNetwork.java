package bank.identity.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Where a client is, as far as he cannot choose it: his IPv4 address, or the /64 his IPv6 address is in.
///
/// @param name e.g. `192.0.2.7` or `2001:db8:0:1::/64`
public record ClientNetwork(String name) {
    private static final int PREFIX_BYTES = 8;

    /// The network of an address in text form; empty when it is none.
    public static Optional<ClientNetwork> of(String address) {
        try {
            return Optional.of(new ClientNetwork(name(InetAddress.ofLiteral(address))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String name(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        var prefix = HexFormat.ofDelimiter("").formatHex(Arrays.copyOf(address.getAddress(), PREFIX_BYTES));
        return prefix.replaceAll("(.{4})(?!$)", "$1:") + "::/64";
    }
}
