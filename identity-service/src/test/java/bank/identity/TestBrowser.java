package bank.identity;

import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.platform.grpc.Headers;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A person's browser on the pages of the sign-in: keeps its cookie, and sends what the forms hold.
final class TestBrowser {
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    static final String CALLBACK = "http://127.0.0.1:53100/callback";

    private final RunningIdentity identity;
    private final String language;
    private final Map<String, String> headers = new HashMap<>();
    private String cookie = "";

    TestBrowser(RunningIdentity identity) {
        this(identity, "en");
    }

    /// @param language its `Accept-Language`
    TestBrowser(RunningIdentity identity, String language) {
        this.identity = identity;
        this.language = language;
    }

    /// A request of a client of the demonstration, with a proof.
    static String query(String client, String scopes) {
        return "response_type=code&client_id=" + client + "&redirect_uri=" + encoded(CALLBACK) + "&scope="
                + encoded(scopes) + "&state=st%20%26ate&nonce=n-1"
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /// Value of `Cookie`; empty for none.
    String cookie() {
        return cookie;
    }

    void cookie(String value) {
        cookie = value;
    }

    /// Sends a further header from now on, or no longer when its value is empty.
    void header(String name, String value) {
        if (value.isEmpty()) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
    }

    Answer open(String query) {
        return kept(exchange("GET", query, ""));
    }

    Answer post(String form) {
        return kept(exchange("POST", "", form));
    }

    Answer signIn(Answer page, String email, String password) {
        return post("sign_in=" + form(page) + "&email=" + encoded(email) + "&password=" + encoded(password));
    }

    Answer decide(Answer page, String decision) {
        return post("consent=" + form(page) + "&decision=" + decision);
    }

    /// What the form of a page carries.
    static String form(Answer page) {
        var found = Pattern.compile("<input type=\"hidden\" name=\"(?:sign_in|consent)\" value=\"([A-Za-z0-9_-]+)\">")
                .matcher(page.body());
        assertThat(found.find()).as(page.body()).isTrue();
        return found.group(1);
    }

    /// Where a redirect leads to, without the parameters.
    static String target(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        return answer.header("location").split("\\?", 2)[0];
    }

    /// Parameters a redirect goes along with.
    static Map<String, List<String>> parameters(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        return URLUtils.parseParameters(URI.create(answer.header("location")).getRawQuery());
    }

    /// The code a redirect carries.
    static String code(Answer answer) {
        var parameters = parameters(answer);
        assertThat(parameters).containsKey("code");
        return parameters.get("code").getFirst();
    }

    private Answer exchange(String method, String query, String body) {
        var request = request(method, "/oauth2/authorize", body).setQuery(query);
        if (!cookie.isEmpty()) {
            request.addHeaders(OAuthForm.header("cookie", cookie));
        }
        headers.forEach((name, value) -> request.addHeaders(OAuthForm.header(name, value)));
        var metadata = new Metadata();
        metadata.put(Headers.key("accept-language"), language);
        return send(identity.oauth().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata)), request);
    }

    private Answer kept(Answer answer) {
        var set = answer.header("set-cookie");
        if (set != null) {
            cookie = set.split(";", 2)[0];
        }
        return answer;
    }
}
