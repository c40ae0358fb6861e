package bank.identity.rpc;

import bank.identity.model.AccessToken;
import bank.platform.auth.DpopProofs;
import bank.platform.failure.Failure;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.BearerTokenError;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.oauth2.sdk.token.DPoPTokenError;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.token.Tokens;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An HTTP answer in the forms of RFC 6749 and RFC 7517.
record OAuthAnswer(int status, String contentType, Map<String, String> headers, String body) {
    private static final String JSON = "application/json";
    private static final Map<String, String> NOT_STORED = Map.of("Cache-Control", "no-store");
    private static final String CHALLENGE = "Basic realm=\"bank\", charset=\"UTF-8\"";

    /// Tokens (RFC 6749, section 5.1).
    ///
    /// @param refresh null when none is given
    static OAuthAnswer tokens(AccessToken access, @Nullable String refresh) {
        return tokens(access, refresh, null);
    }

    /// Tokens, with the id token of OpenID Connect.
    ///
    /// @param refresh null when none is given
    /// @param idToken null when none is given
    static OAuthAnswer tokens(AccessToken access, @Nullable String refresh, @Nullable String idToken) {
        var scopes = access.scopes();
        var scope = scopes == null ? null : new Scope(scopes.stream().sorted().toArray(String[]::new));
        var token = access.bound()
                ? new DPoPAccessToken(access.value(), access.life().toSeconds(), scope)
                : new BearerAccessToken(access.value(), access.life().toSeconds(), scope);
        var renewal = refresh == null ? null : new RefreshToken(refresh);
        return json((idToken == null
                        ? new AccessTokenResponse(new Tokens(token, renewal))
                        : new OIDCTokenResponse(new OIDCTokens(idToken, token, renewal)))
                .toJSONObject()
                .toJSONString());
    }

    /// JSON meant for its reader alone.
    static OAuthAnswer json(String json) {
        return new OAuthAnswer(200, JSON, NOT_STORED, json);
    }

    /// A page.
    static OAuthAnswer page(int status, String html) {
        return new OAuthAnswer(status, "text/html; charset=utf-8", NOT_STORED, html);
    }

    /// Sends the browser elsewhere, by GET whatever it came by.
    static OAuthAnswer redirect(URI location) {
        return new OAuthAnswer(303, "text/plain; charset=utf-8", NOT_STORED, "").with("Location", location.toString());
    }

    /// The style sheet of the pages.
    static OAuthAnswer styleSheet(String css) {
        return new OAuthAnswer(200, "text/css; charset=utf-8", Map.of("Cache-Control", "public, max-age=3600"), css);
    }

    /// What the server can do (RFC 8414).
    static OAuthAnswer metadata(ServerMetadata metadata) {
        return new OAuthAnswer(200, JSON, Map.of("Cache-Control", "public, max-age=60"), metadata.document());
    }

    /// An error of whoever shows an access token (RFC 6750, section 3).
    static OAuthAnswer bearerError(BearerTokenError error) {
        var code = error.getCode();
        var json = new LinkedHashMap<String, Object>();
        if (code != null) {
            json.put("error", code);
            json.put("error_description", error.getDescription());
        }
        return new OAuthAnswer(error.getHTTPStatusCode(), JSON, NOT_STORED, JSONObjectUtils.toJSONString(json))
                .with("WWW-Authenticate", error.setRealm("bank").toWWWAuthenticateHeader());
    }

    /// An error of whoever shows a token that is bound to a key, or its proof (RFC 9449, section 7.1).
    static OAuthAnswer proofError(Failure failure) {
        var error = (failure.reason().equals(DpopProofs.INVALID)
                        ? DPoPTokenError.INVALID_DPOP_PROOF
                        : DPoPTokenError.INVALID_TOKEN)
                .setDescription(failure.message());
        var json = new LinkedHashMap<String, Object>();
        json.put("error", error.getCode());
        json.put("error_description", error.getDescription());
        var algorithms = DpopProofs.ALGORITHMS.stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        return new OAuthAnswer(401, JSON, NOT_STORED, JSONObjectUtils.toJSONString(json))
                .with(
                        "WWW-Authenticate",
                        error.setRealm("bank").setJWSAlgorithms(algorithms).toWWWAuthenticateHeader());
    }

    /// The answer with one more header.
    OAuthAnswer with(String header, String value) {
        var more = new TreeMap<>(headers);
        more.put(header, value);
        return new OAuthAnswer(status, contentType, more, body);
    }

    /// A token was taken back, or was none (RFC 7009, section 2.2).
    static OAuthAnswer revoked() {
        return new OAuthAnswer(200, JSON, NOT_STORED, "{}");
    }

    /// What is known of a token (RFC 7662, section 2.2).
    static OAuthAnswer introspected(TokenIntrospectionSuccessResponse known) {
        return new OAuthAnswer(200, JSON, NOT_STORED, known.toJSONObject().toJSONString());
    }

    /// The token of an exchange (RFC 8693, section 2.2.1).
    static OAuthAnswer exchanged(AccessToken access) {
        var life = access.life().toSeconds();
        var token = access.bound()
                ? new DPoPAccessToken(access.value(), life, null, TokenTypeURI.ACCESS_TOKEN)
                : new BearerAccessToken(access.value(), life, null, TokenTypeURI.ACCESS_TOKEN);
        return new OAuthAnswer(
                200,
                JSON,
                NOT_STORED,
                new AccessTokenResponse(new Tokens(token, null)).toJSONObject().toJSONString());
    }

    /// An error (RFC 6749, section 5.2).
    static OAuthAnswer error(ErrorObject error) {
        var headers = new TreeMap<>(NOT_STORED);
        var unauthenticated = OAuth2Error.INVALID_CLIENT.getCode().equals(error.getCode());
        if (unauthenticated) {
            headers.put("WWW-Authenticate", CHALLENGE);
        }
        return new OAuthAnswer(
                unauthenticated ? 401 : error.getHTTPStatusCode(),
                JSON,
                headers,
                new TokenErrorResponse(error).toJSONObject().toJSONString());
    }

    /// The public keys (RFC 7517).
    static OAuthAnswer keySet(JWKSet keys) {
        return new OAuthAnswer(
                200,
                "application/jwk-set+json",
                Map.of("Cache-Control", "public, max-age=60"),
                keys.toPublicJWKSet().toString());
    }

    /// The same with a pause before another try.
    OAuthAnswer retryAfter(Duration pause) {
        var told = new TreeMap<>(headers);
        told.put("Retry-After", Long.toString(pause.toSeconds()));
        return new OAuthAnswer(status, contentType, told, body);
    }

    static OAuthAnswer methodNotAllowed() {
        return error(OAuth2Error.INVALID_REQUEST
                .setHTTPStatusCode(405)
                .setDescription("this path does not answer this method"));
    }

    static OAuthAnswer notFound() {
        return error(OAuth2Error.INVALID_REQUEST.setHTTPStatusCode(404).setDescription("nothing is at this path"));
    }

    @Override
    public String toString() {
        return "OAuthAnswer[" + status + "]";
    }
}
