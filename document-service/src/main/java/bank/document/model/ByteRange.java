package bank.document.model;

import java.util.Optional;
import java.util.regex.Pattern;

/// A single range of bytes (RFC 9110, section 14).
///
/// @param first first byte, from 0
/// @param last last byte, that byte included
public record ByteRange(long first, long last) {
    private static final Pattern SINGLE =
            Pattern.compile("bytes=[ \\t]*(\\d*)-(\\d*)[ \\t]*", Pattern.CASE_INSENSITIVE);
    private static final int DIGITS_MAX = 18;

    /// The range a header asks for. Empty when the whole content is to be sent: for a malformed header,
    /// another unit or several ranges.
    ///
    /// @param sizeBytes size of the content
    /// @throws DocumentException OUT_OF_RANGE, reason RANGE, when no byte of the range exists
    public static Optional<ByteRange> parse(String header, long sizeBytes) {
        var matcher = SINGLE.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var from = matcher.group(1);
        var to = matcher.group(2);
        if (from.isEmpty()) {
            return to.isEmpty() ? Optional.empty() : Optional.of(suffix(number(to), sizeBytes));
        }
        var first = number(from);
        var last = to.isEmpty() ? Long.MAX_VALUE : number(to);
        if (last < first) {
            return Optional.empty();
        }
        if (first >= sizeBytes) {
            throw unsatisfiable(sizeBytes);
        }
        return Optional.of(new ByteRange(first, Math.min(last, sizeBytes - 1)));
    }

    /// How many bytes it has.
    public long length() {
        return last - first + 1;
    }

    private static ByteRange suffix(long length, long sizeBytes) {
        if (length == 0 || sizeBytes == 0) {
            throw unsatisfiable(sizeBytes);
        }
        return new ByteRange(Math.max(0, sizeBytes - length), sizeBytes - 1);
    }

    // A number too long to be read is beyond any content, whatever it is.
    private static long number(String digits) {
        return digits.length() > DIGITS_MAX ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private static DocumentException unsatisfiable(long sizeBytes) {
        return new DocumentException(new DocumentFailure.RangeUnsatisfiable(sizeBytes));
    }
}
