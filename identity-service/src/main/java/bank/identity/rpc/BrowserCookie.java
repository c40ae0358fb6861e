package bank.identity.rpc;

import bank.v1.RawHttpRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The cookie that ties the pages of the sign-in to the browser they were made for, so that nobody can have another
/// send them. It signs nobody in.
final class BrowserCookie {
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final String name;
    private final String attributes;

    /// @param issuer URL the bank is reached at; with https, no other host and no unprotected page can set the cookie
    BrowserCookie(String issuer) {
        var secure = issuer.startsWith("https:");
        this.name = secure ? "__Host-sign-in" : "sign-in";
        this.attributes =
                secure ? "; Path=/; Secure; HttpOnly; SameSite=Lax" : "; Path=/oauth2; HttpOnly; SameSite=Lax";
    }

    /// Its value, or null when the browser sends none, or several.
    @Nullable
    String read(RawHttpRequest request) {
        var values = RawRequests.cookies(request, name);
        return values.size() == 1 && VALUE.matcher(values.getFirst()).matches() ? values.getFirst() : null;
    }

    /// `Set-Cookie` that gives it a value.
    String of(String value) {
        return name + "=" + value + attributes;
    }
}
