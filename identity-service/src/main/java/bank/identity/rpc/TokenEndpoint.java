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
import com.nimbusds.oauth2.sdk.id.ClientID;
import java.util.Set;

/// The token endpoint of RFC 6749, section 3.2.
public final class TokenEndpoint {
    private final OAuthClients clients;
    private final ClientAuthenticator authenticator;
    private final SignIns signIns;
    private final Sessions sessions;

    /// @param clients who may ask
    /// @param authenticator tells who asks
    public TokenEndpoint(OAuthClients clients, ClientAuthenticator authenticator, SignIns signIns, Sessions sessions) {
        this.clients = clients;
        this.authenticator = authenticator;
        this.signIns = signIns;
        this.sessions = sessions;
    }

    OAuthAnswer answer(RawHttpRequest raw) {
        try {
            var http = OAuthRequests.http(raw);
            var request = TokenRequest.parse(http);
            var named = request.getClientID() == null ? new ClientID(OAuthClient.DEFAULT_ID) : request.getClientID();
            return answer(request, authenticator.client(http, request.getClientAuthentication(), named));
        } catch (ParseException e) {
            return OAuthRequests.malformed(e);
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

    /// Users have roles instead of scopes: a token that acts for one carries none.
    private static void refuseScope(TokenRequest request) {
        if (request.getScope() != null && !request.getScope().isEmpty()) {
            throw new IdentityException(new IdentityFailure.ScopeRefused());
        }
    }

    private static OAuthAnswer pair(TokenPair tokens) {
        return OAuthAnswer.tokens(tokens.access(), tokens.refreshToken(), null);
    }

    static OAuthAnswer refusal(IdentityFailure failure) {
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
                        OAuth2Error.INVALID_CLIENT.setDescription("the client is unknown or has not proved who it is"));
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
                    IdentityFailure.ClientIdTaken _,
                    IdentityFailure.ClientUnknown _,
                    IdentityFailure.ClientProtected _,
                    IdentityFailure.ClientWithoutSecret _ -> OAuthAnswer.error(OAuth2Error.INVALID_REQUEST);
        };
    }
}
