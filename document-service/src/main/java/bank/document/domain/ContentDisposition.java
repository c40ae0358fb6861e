package bank.document.domain;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/// Writes the Content-Disposition of downloads (RFC 6266), with names in any script (RFC 8187).
public final class ContentDisposition {
    private static final String ATTR_CHARS = "!#$&+-.^_`|~";

    private ContentDisposition() {}

    /// To be saved under that name.
    public static String attachment(String fileName) {
        return "attachment; filename=\"" + ascii(fileName) + "\"; filename*=UTF-8''" + extended(fileName);
    }

    // For recipients that know no other: quotes, percent signs and what is not ASCII become underscores.
    private static String ascii(String name) {
        var text = new StringBuilder();
        Normalizer.normalize(name, Normalizer.Form.NFC)
                .codePoints()
                .map(c -> c < 0x20 || c > 0x7E || c == '"' || c == '\\' || c == '%' ? '_' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    private static String extended(String name) {
        var text = new StringBuilder();
        for (var b : name.getBytes(StandardCharsets.UTF_8)) {
            var c = (char) Byte.toUnsignedInt(b);
            if ((c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || ATTR_CHARS.indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append('%').append("%02X".formatted((int) c));
            }
        }
        return text.toString();
    }
}
