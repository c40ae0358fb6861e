package bank.identity.rpc;

import bank.v1.HttpHeader;
import bank.v1.RawHttpRequest;
import com.nimbusds.common.contenttype.ContentType;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The form a token request is (RFC 6749, section 4): what is missing, doubled or of no use in it is told by name.
/// Parameters without a value count as left out, unknown ones are passed over (section 3.2).
final class TokenForm {
    private static final URI ADDRESS = URI.create("http://localhost/token");
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final String BASIC = "Basic ";
    private static final String GRANT_TYPE = "grant_type";

    /// Grant types there are, with what each needs besides.
    private static final Map<String, List<String>> NEEDED = new TreeMap<>(Map.of(
            "authorization_code", List.of("code"),
            "client_credentials", List.of(),
            "password", List.of("username", "password"),
            "refresh_token", List.of("refresh_token"),
            "urn:ietf:params:oauth:grant-type:token-exchange", List.of("subject_token", "subject_token_type")));

    /// The parameters that may come again (RFC 8693, RFC 8707).
    private static final Set<String> REPEATABLE = Set.of("resource", "audience");

    private static final Pattern PRINTED = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

    private TokenForm() {}

    /// The request as the library reads it.
    ///
    /// @throws ParseException with the error to answer
    static HTTPRequest of(RawHttpRequest raw) throws ParseException {
        if (raw.getBody().size() > BODY_BYTES_MAX) {
            throw invalid("the body is longer than " + BODY_BYTES_MAX + " bytes");
        }
        var http = new HTTPRequest(HTTPRequest.Method.POST, ADDRESS);
        for (HttpHeader header : raw.getHeadersList()) {
            if (http.getHeaderValue(header.getName()) != null) {
                throw invalid(shown("header", header.getName()) + " is there more than once");
            }
            http.setHeader(header.getName(), header.getValue());
        }
        http.setBody(raw.getBody().toStringUtf8());
        if (!ContentType.APPLICATION_URLENCODED.matches(http.getEntityContentType())) {
            throw invalid("the parameters come in the body, as " + ContentType.APPLICATION_URLENCODED.getType());
        }
        var form = http.getBodyAsFormParameters();
        check(form, !raw.getQuery().isEmpty());
        checkClient(form, http.getAuthorization());
        return http;
    }

    /// A client proves who it is in one way (RFC 6749, section 2.3).
    private static void checkClient(Map<String, List<String>> form, @Nullable String authorization)
            throws ParseException {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return;
        }
        var named = basicId(authorization);
        if (!value(form, "client_secret").isEmpty()) {
            throw invalid("the client has a secret by HTTP Basic and one as client_secret: send one of them");
        }
        var id = value(form, "client_id");
        if (!id.isEmpty() && !id.equals(named)) {
            throw invalid("client_id is another client than that of HTTP Basic");
        }
    }

    private static String basicId(String authorization) throws ParseException {
        try {
            return ClientSecretBasic.parse(authorization).getClientID().getValue();
        } catch (ParseException e) {
            throw invalid("HTTP Basic is the base64 of id:secret, each of them percent-encoded");
        }
    }

    private static void check(Map<String, List<String>> form, boolean query) throws ParseException {
        if (ControlCharacters.in(form)) {
            throw invalid("a parameter has a control character");
        }
        for (var parameter : form.entrySet()) {
            if (parameter.getValue().size() > 1 && !REPEATABLE.contains(parameter.getKey())) {
                throw invalid(shown("parameter", parameter.getKey()) + " is there more than once");
            }
        }
        var grant = value(form, GRANT_TYPE);
        if (grant.isEmpty()) {
            throw invalid("the parameter grant_type is missing"
                    + (query ? ": parameters come in the body, not in the query" : "") + "; " + grants());
        }
        var needed = NEEDED.get(grant);
        if (needed == null) {
            throw error(OAuth2Error.UNSUPPORTED_GRANT_TYPE, grants());
        }
        var missing =
                needed.stream().filter(name -> value(form, name).isEmpty()).toList();
        if (!missing.isEmpty()) {
            throw invalid("the grant type " + grant + " needs " + String.join(" and ", missing));
        }
    }

    private static String value(Map<String, List<String>> form, String name) {
        return form.getOrDefault(name, List.of("")).getFirst();
    }

    private static String grants() {
        return "grant types are " + String.join(", ", NEEDED.keySet());
    }

    /// A thing by the name a client gave it, as far as that can be shown.
    private static String shown(String thing, String name) {
        return PRINTED.matcher(name).matches() ? "the " + thing + " " + name : "a " + thing;
    }

    private static ParseException invalid(String description) {
        return error(OAuth2Error.INVALID_REQUEST, description);
    }

    private static ParseException error(ErrorObject error, String description) {
        return new ParseException(description, error.setDescription(description));
    }
}
