package bank.identity.rpc;

import bank.identity.domain.OAuthClients;
import bank.identity.domain.Sessions;
import bank.identity.domain.SignIns;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.identity.model.TokenPair;
import bank.v1.RawHttpRequest;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.PlainClientSecret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import java.net.URI;
import java.util.Set;

/// The token endpoint of RFC 6749, section 3.2.
public final class TokenEndpoint {
    private static final URI ADDRESS = URI.create("http://localhost/token");
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final OAuthClients clients;
    private final SignIns signIns;
    private final Sessions sessions;

    /// @param clients who may ask
    public TokenEndpoint(OAuthClients clients, SignIns signIns, Sessions sessions) {
        this.clients = clients;
        this.signIns = signIns;
        this.sessions = sessions;
    }

    OAuthAnswer answer(RawHttpRequest raw) {
        try {
            var request = TokenRequest.parse(http(raw));
            var client = client(request);
            return answer(request, client);
        } catch (ParseException e) {
            var error = e.getErrorObject();
            return OAuthAnswer.error(error == null ? OAuth2Error.INVALID_REQUEST : error);
        } catch (IdentityException e) {
            return refusal(e.failure());
        }
    }

    private OAuthAnswer answer(TokenRequest request, OAuthClient client) {
        AuthorizationGrant grant = request.getAuthorizationGrant();
        return switch (grant) {
            case ResourceOwnerPasswordCredentialsGrant password -> {
                clients.require(client, Grant.PASSWORD);
                refuseScope(request);
                yield pair(signIns.signIn(
                        password.getUsername(),
                        new Password(password.getPassword().getValue()),
                        client.id(),
                        Callers.current()));
            }
            case RefreshTokenGrant refresh -> {
                clients.require(client, Grant.REFRESH_TOKEN);
                refuseScope(request);
                yield pair(sessions.refresh(refresh.getRefreshToken().getValue(), client.id(), Callers.current()));
            }
            case ClientCredentialsGrant machine -> {
                var wanted = request.getScope() == null
                        ? Set.<String>of()
                        : Set.copyOf(request.getScope().toStringList());
                var scopes = wanted.isEmpty() ? client.scopes() : wanted;
                yield OAuthAnswer.tokens(
                        clients.machineToken(client, scopes),
                        null,
                        new Scope(scopes.stream().sorted().toArray(String[]::new)));
            }
            default -> OAuthAnswer.error(OAuth2Error.UNSUPPORTED_GRANT_TYPE);
        };
    }

    private OAuthClient client(TokenRequest request) {
        var authentication = request.getClientAuthentication();
        if (authentication == null) {
            var id = request.getClientID();
            return clients.authenticate(id == null ? OAuthClient.DEFAULT_ID : id.getValue(), null);
        }
        if (!(authentication instanceof ClientSecretBasic) && !(authentication instanceof ClientSecretPost)) {
            throw new IdentityException(new IdentityFailure.ClientRefused());
        }
        var secret = ((PlainClientSecret) authentication).getClientSecret().getValue();
        // RFC 6749, section 2.3.1: an empty secret is none.
        return clients.authenticate(
                authentication.getClientID().getValue(), secret.isEmpty() ? null : new Password(secret));
    }

    private static HTTPRequest http(RawHttpRequest raw) throws ParseException {
        if (raw.getBody().size() > BODY_BYTES_MAX) {
            throw new ParseException("body too long", OAuth2Error.INVALID_REQUEST.appendDescription(": body too long"));
        }
        var http = new HTTPRequest(HTTPRequest.Method.POST, ADDRESS);
        for (var header : raw.getHeadersList()) {
            if (http.getHeaderValue(header.getName()) != null) {
                throw new ParseException(
                        "repeated header", OAuth2Error.INVALID_REQUEST.appendDescription(": a header is repeated"));
            }
            http.setHeader(header.getName(), header.getValue());
        }
        http.setBody(raw.getBody().toStringUtf8());
        return http;
    }

    /// Users have roles instead of scopes: a token that acts for one carries none.
    private static void refuseScope(TokenRequest request) {
        if (request.getScope() != null && !request.getScope().isEmpty()) {
            throw new IdentityException(new IdentityFailure.ScopeRefused());
        }
    }

    private static OAuthAnswer pair(TokenPair tokens) {
        return OAuthAnswer.tokens(tokens.access(), tokens.refreshToken(), null);
    }

    private static OAuthAnswer refusal(IdentityFailure failure) {
        return switch (failure) {
            case IdentityFailure.BadCredentials() ->
                OAuthAnswer.error(
                        OAuth2Error.INVALID_GRANT.setDescription("user name and password do not belong together"));
            case IdentityFailure.AccountBlocked() ->
                OAuthAnswer.error(OAuth2Error.INVALID_GRANT.setDescription("this account may not sign in"));
            case IdentityFailure.RefreshTokenInvalid() ->
                OAuthAnswer.error(
                        OAuth2Error.INVALID_GRANT.setDescription("the refresh token is unknown, spent or ended"));
            case IdentityFailure.ClientRefused() ->
                OAuthAnswer.error(
                        OAuth2Error.INVALID_CLIENT.setDescription("the client is unknown or its secret wrong"));
            case IdentityFailure.GrantRefused() ->
                OAuthAnswer.error(OAuth2Error.UNAUTHORIZED_CLIENT.setDescription("the client may not use this grant"));
            case IdentityFailure.ScopeRefused() ->
                OAuthAnswer.error(OAuth2Error.INVALID_SCOPE.setDescription("the client has not the scope it asks for"));
            case IdentityFailure.Overloaded() ->
                OAuthAnswer.error(OAuth2Error.TEMPORARILY_UNAVAILABLE.setHTTPStatusCode(503));
            case IdentityFailure.EmailTaken _,
                    IdentityFailure.PasswordWeak _,
                    IdentityFailure.FieldInvalid _,
                    IdentityFailure.UserUnknown _,
                    IdentityFailure.Administration _ -> OAuthAnswer.error(OAuth2Error.INVALID_REQUEST);
        };
    }
}
