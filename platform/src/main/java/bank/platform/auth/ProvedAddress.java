package bank.platform.auth;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// URL a proof is meant for, without query and fragment, in the one spelling that RFC 3986, section 6.2, makes of all
/// that mean the same.
///
/// @param origin scheme, host and port, lower case, without the usual port
/// @param path escapes in capitals, and none where none is needed
record ProvedAddress(String origin, String path) {
    private static final Pattern URL =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#@\\s]+)(/[^?#\\s]*)?(\\?[^#\\s]*)?(#\\S*)?");
    private static final Pattern USUAL_PORT = Pattern.compile("(http://.*):80|(https://.*):443");
    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

    /// Reads a URL; null when it is none.
    static @Nullable ProvedAddress parse(@Nullable String url) {
        var parts = url == null ? null : URL.matcher(url);
        if (parts == null || !parts.matches()) {
            return null;
        }
        var origin = (parts.group(1) + "://" + parts.group(2)).toLowerCase(Locale.ROOT);
        var usual = USUAL_PORT.matcher(origin);
        if (usual.matches()) {
            origin = usual.group(1) != null ? usual.group(1) : usual.group(2);
        }
        return new ProvedAddress(origin, parts.group(3) == null ? "/" : plain(parts.group(3)));
    }

    private static String plain(String path) {
        return ESCAPE.matcher(path).replaceAll(escape -> {
            var letter = (char) Integer.parseInt(escape.group(1), 16);
            return isUnreserved(letter)
                    ? Character.toString(letter)
                    : escape.group().toUpperCase(Locale.ROOT);
        });
    }

    private static boolean isUnreserved(char letter) {
        return (letter >= 'a' && letter <= 'z')
                || (letter >= 'A' && letter <= 'Z')
                || (letter >= '0' && letter <= '9')
                || "-._~".indexOf(letter) >= 0;
    }
}
