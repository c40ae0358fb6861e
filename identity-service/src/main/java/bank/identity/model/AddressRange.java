package bank.identity.model;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/// An address, or all that begin like one (CIDR), e.g. `192.0.2.7` or `2001:db8::/32`.
///
/// @param bits how many bits of it count
public record AddressRange(InetAddress first, int bits) {
    /// The range of that text; empty when it is none.
    public static Optional<AddressRange> parse(String text) {
        var parts = text.strip().split("/", -1);
        try {
            var first = InetAddress.ofLiteral(parts[0]);
            var length = first.getAddress().length * Byte.SIZE;
            var bits = parts.length == 1 ? length : Integer.parseInt(parts[1]);
            return parts.length > 2 || bits < 0 || bits > length
                    ? Optional.empty()
                    : Optional.of(new AddressRange(first, bits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The address is one of the range.
    public boolean covers(InetAddress address) {
        var one = first.getAddress();
        var other = address.getAddress();
        return one.length == other.length && counting(one).equals(counting(other));
    }

    private BigInteger counting(byte[] address) {
        return new BigInteger(1, address).shiftRight(address.length * Byte.SIZE - bits);
    }
}
