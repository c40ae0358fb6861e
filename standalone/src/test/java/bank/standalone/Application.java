package bank.standalone;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.regex.Pattern;

/// An application in the browser that people sign in to by the bank's pages.
///
/// @param id its client id; it has the redirect URI `http://127.0.0.1/callback`
/// @param asks the page asks the user whether it may act for him
record Application(Http http, String id, boolean asks) {
    private static final String CALLBACK = "http://127.0.0.1:53100/callback";
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final Pattern FORM = Pattern.compile("name=\"(?:sign_in|consent)\" value=\"([A-Za-z0-9_-]+)\"");
    private static final Pattern CODE = Pattern.compile("[?&]code=([A-Za-z0-9_-]+)");

    /// Signs somebody in, who lets the application do what it asks for.
    ///
    /// @return the access token
    String token(String email, String password, Collection<String> scopes) {
        var page = http.get(
                        "/oauth2/authorize?response_type=code&client_id=" + id + "&redirect_uri=" + encoded(CALLBACK)
                                + "&scope=" + encoded(String.join(" ", scopes)) + "&state=s&code_challenge=" + CHALLENGE
                                + "&code_challenge_method=S256",
                        "")
                .expect(200);
        var cookie = page.header("Set-Cookie").split(";", 2)[0];
        var signedIn = post(
                "/oauth2/authorize",
                "sign_in=" + found(FORM, page.text()) + "&email=" + encoded(email) + "&password=" + encoded(password),
                cookie);
        var done = asks
                ? post("/oauth2/authorize", "consent=" + found(FORM, signedIn.text()) + "&decision=allow", cookie)
                : signedIn;
        var code = found(CODE, done.expect(303).header("Location"));
        return post(
                        "/oauth2/token",
                        "grant_type=authorization_code&client_id=" + id + "&code=" + code + "&redirect_uri="
                                + encoded(CALLBACK) + "&code_verifier=" + VERIFIER,
                        "")
                .expect(200)
                .json()
                .path("access_token")
                .asText();
    }

    private Http.Reply post(String path, String form, String cookie) {
        return http.raw(
                "POST",
                path,
                "",
                form.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Cookie",
                cookie);
    }

    private static String found(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError(pattern + " is not in " + text);
        }
        return matcher.group(1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
