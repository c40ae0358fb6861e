package bank.identity.rpc;

import bank.v1.RawHttpRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The cookie that ties the pages of the sign-in to the browser they were made for, so that nobody can have another
/// send them. It signs nobody in.
final class BrowserCookie {
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final String name;
    private final String attributes;
    private final Set<String> origins;

    /// @param issuer URL the bank is reached at; with https, no other host and no unprotected page can set the cookie
    BrowserCookie(String issuer) {
        var bank = URI.create(issuer);
        var secure = "https".equalsIgnoreCase(bank.getScheme());
        // Pages that tell nobody where they are, as the bank's own, have the origin null.
        this.origins = Set.of(origin(bank), "null");
        this.name = secure ? "__Host-sign-in" : "sign-in";
        this.attributes =
                secure ? "; Path=/; Secure; HttpOnly; SameSite=Lax" : "; Path=/oauth2; HttpOnly; SameSite=Lax";
    }

    /// As browsers write it (RFC 6454, section 6.2): in small letters, without the port that goes without saying.
    private static String origin(URI url) {
        var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        var host = url.getHost() == null ? String.valueOf(url.getRawAuthority()) : url.getHost();
        var usual = scheme.equals("https") ? 443 : 80;
        var port = url.getPort() == -1 || url.getPort() == usual ? "" : ":" + url.getPort();
        return scheme + "://" + host.toLowerCase(Locale.ROOT) + port;
    }

    /// Its value, or null when the browser sends none, or several.
    @Nullable
    String read(RawHttpRequest request) {
        var values = RawRequests.cookies(request, name);
        return values.size() == 1 && VALUE.matcher(values.getFirst()).matches() ? values.getFirst() : null;
    }

    /// Its value in a form of the bank's own pages. Null also when the browser tells that another page sends it:
    /// whoever gave the browser a cookie of his, as over a connection without TLS, signs nobody in as himself.
    @Nullable
    String ofForm(RawHttpRequest request) {
        var own = OWN_SITES.containsAll(RawRequests.headers(request, "sec-fetch-site"))
                && origins.containsAll(RawRequests.headers(request, "origin"));
        return own ? read(request) : null;
    }

    /// `Set-Cookie` that gives it a value.
    String of(String value) {
        return name + "=" + value + attributes;
    }
}
