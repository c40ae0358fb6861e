package bank.identity.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a sign-in page may send a user back to, in normal form (RFC 3986, section 6.2): scheme and host in small
/// letters, no default port, a path. So two ways to write one place are one.
///
/// @param value the URI, in printable ASCII
public record RedirectUri(String value) {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");
    // RFC 8252, section 7.1: a domain name of the app's owner, turned round.
    private static final Pattern PRIVATE_USE = Pattern.compile("[a-z][a-z0-9+-]*(\\.[a-z0-9+-]+)+");
    private static final Pattern HOST =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\\.?|\\[[0-9a-f:.]+]");
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");

    /// The place a text names; empty when none may be named so.
    public static Optional<RedirectUri> parse(String text) {
        if (!PRINTABLE.matcher(text).matches() || text.indexOf('*') >= 0) {
            return Optional.empty();
        }
        try {
            return normal(new URI(text)).map(RedirectUri::new);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> normal(URI uri) {
        if (uri.getScheme() == null || uri.isOpaque() || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            return Optional.empty();
        }
        var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        var path = Objects.requireNonNullElse(uri.getRawPath(), "");
        if (Arrays.stream(path.split("/", -1)).anyMatch(RedirectUri::isDots)) {
            return Optional.empty();
        }
        var rest = (path.isEmpty() ? "/" : path) + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        if (scheme.equals("https") || scheme.equals("http")) {
            return authority(scheme, uri.getHost(), uri.getPort()).map(place -> scheme + "://" + place + rest);
        }
        if (!PRIVATE_USE.matcher(scheme).matches() || uri.getPort() != -1) {
            return Optional.empty();
        }
        if (uri.getRawAuthority() == null) {
            return Optional.of(scheme + ":" + rest);
        }
        return host(uri.getHost()).map(host -> scheme + "://" + host + rest);
    }

    private static Optional<String> authority(String scheme, @Nullable String named, int port) {
        var usual = scheme.equals("https") ? 443 : 80;
        return host(named)
                .filter(host -> scheme.equals("https") || LOOPBACK.contains(host))
                .filter(host -> port <= 65_535)
                .map(host -> port == -1 || port == usual ? host : host + ":" + port);
    }

    private static Optional<String> host(@Nullable String named) {
        return Optional.ofNullable(named)
                .map(host -> host.toLowerCase(Locale.ROOT))
                .filter(host -> HOST.matcher(host).matches());
    }

    private static boolean isDots(String segment) {
        var plain = segment.replaceAll("(?i)%2e", ".");
        return plain.equals(".") || plain.equals("..");
    }
}
