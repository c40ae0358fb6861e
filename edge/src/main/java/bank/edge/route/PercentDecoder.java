package bank.edge.route;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Percent-decoding by RFC 3986, strict: `%` must start two hexadecimal digits and the bytes must be UTF-8.
/// `+` stays a plus sign.
public final class PercentDecoder {
    private PercentDecoder() {}

    /// Decodes every escape.
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
        if (encoded.indexOf('%') < 0 && encoded.chars().allMatch(c -> c < 0x80)) {
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
            int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
            int low = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw new PathEncodingException(encoded);
            }
            if (keepSlash && (high << 4 | low) == '/') {
                bytes.write('%');
                bytes.write(encoded.charAt(i + 1));
                bytes.write(encoded.charAt(i + 2));
            } else {
                bytes.write(high << 4 | low);
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
}
