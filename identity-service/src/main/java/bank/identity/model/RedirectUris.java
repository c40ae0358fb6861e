package bank.identity.model;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a client may have its users sent back to. Compared letter by letter, save the port of a native client's own
/// machine (RFC 8252, section 7.3), which it learns only as it starts.
public final class RedirectUris {
    private static final Pattern LOOPBACK = Pattern.compile("(http://(?:127\\.0\\.0\\.1|\\[::1]))(:[0-9]{1,5})?(/.*)?");
    private static final int LENGTH_MAX = 1_024;

    private RedirectUris() {}

    /// The client is registered with that URI.
    ///
    /// @param registered those it is registered with
    public static boolean allow(List<String> registered, String presented) {
        return presented.length() <= LENGTH_MAX
                && presented.indexOf('#') < 0
                && registered.stream().anyMatch(one -> one.equals(presented) || sameButPort(one, presented));
    }

    private static boolean sameButPort(String registered, String presented) {
        var left = LOOPBACK.matcher(registered);
        var right = LOOPBACK.matcher(presented);
        return left.matches()
                && right.matches()
                && left.group(1).equals(right.group(1))
                && path(left.group(3)).equals(path(right.group(3)));
    }

    private static String path(@Nullable String text) {
        return text == null ? "" : text;
    }
}
