package bank.edge.transcode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Header bytes as text. Clients send names in raw UTF-8, old ones in ISO 8859-1.
final class HeaderText {
    private HeaderText() {}

    static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /// A request header, which HTTP hands over as if it were ISO 8859-1.
    static String redecode(String value) {
        return value.chars().allMatch(c -> c <= 0xFF) ? decode(value.getBytes(StandardCharsets.ISO_8859_1)) : value;
    }
}
