package bank.edge.route;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Percent-decoding by RFC 3986, strict: `%` must start two hexadecimal digits, the bytes must be UTF-8, and NUL, which
/// section 7.3 warns of, is refused. `+` stays a plus sign.
public final class PercentDecoder {
    private PercentDecoder() {}

    /// Decodes every escape. A character above ASCII stands for a byte that was sent as it is.
    ///
    /// @throws PathEncodingException when the text is not percent-encoded UTF-8
    public static String decode(String encoded) {
        return decode(encoded, false);
    }

    /// Like [#decode], but leaves `%2F` as it is, for variables that cover several segments.
    ///
    /// @throws PathEncodingException when the text is not percent-encoded UTF-8
    public static String decodeKeepingSlash(String encoded) {
        return decode(encoded, true);
    }

    private static String decode(String encoded, boolean keepSlash) {
        if (isPlain(encoded)) {
            return encoded;
        }
        var bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c > 0xFF) {
                throw new PathEncodingException(encoded);
            }
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int octet = octet(encoded, i);
            if (octet <= 0) {
                throw new PathEncodingException(encoded);
            }
            if (keepSlash && octet == '/') {
                bytes.write('%');
                bytes.write(encoded.charAt(i + 1));
                bytes.write(encoded.charAt(i + 2));
            } else {
                bytes.write(octet);
            }
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new PathEncodingException(encoded);
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || c >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /// The octet of an escape; negative when two hexadecimal digits do not follow.
    private static int octet(String encoded, int at) {
        return at + 2 < encoded.length() ? hex(encoded.charAt(at + 1)) << 4 | hex(encoded.charAt(at + 2)) : -1;
    }

    /// The value of a digit in ASCII, the only ones RFC 3986 has; negative for anything else.
    private static int hex(char digit) {
        return digit < 0x80 ? Character.digit(digit, 16) : -1;
    }
}
