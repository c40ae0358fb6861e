package bank.identity.rpc;

import bank.identity.model.AccessToken;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.token.Tokens;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An HTTP answer in the forms of RFC 6749 and RFC 7517.
record OAuthAnswer(int status, String contentType, Map<String, String> headers, String body) {
    private static final String JSON = "application/json";
    private static final Map<String, String> NOT_STORED = Map.of("Cache-Control", "no-store");
    private static final String CHALLENGE = "Basic realm=\"bank\", charset=\"UTF-8\"";

    /// Tokens (RFC 6749, section 5.1).
    ///
    /// @param refresh null when none is given
    /// @param scope null for tokens without scopes
    static OAuthAnswer tokens(AccessToken access, @Nullable String refresh, @Nullable Scope scope) {
        var tokens = new Tokens(
                access.bound()
                        ? new DPoPAccessToken(access.value(), access.life().toSeconds(), scope)
                        : new BearerAccessToken(access.value(), access.life().toSeconds(), scope),
                refresh == null ? null : new RefreshToken(refresh));
        return new OAuthAnswer(
                200,
                JSON,
                NOT_STORED,
                new AccessTokenResponse(tokens).toJSONObject().toJSONString());
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
