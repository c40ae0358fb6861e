package bank.identity.rpc;

import bank.identity.domain.TokenIntrospections;
import bank.identity.model.IdentityException;
import bank.identity.model.IssuedToken;
import bank.identity.model.TokenState;
import bank.v1.RawHttpRequest;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.JWTID;
import com.nimbusds.oauth2.sdk.id.Subject;
import com.nimbusds.oauth2.sdk.token.AccessTokenType;
import java.util.Date;

/// The introspection endpoint of RFC 7662. What kind of token it is shows; `token_type_hint` is not needed.
public final class IntrospectionEndpoint {
    // So that nobody takes one for an access token.
    private static final AccessTokenType REFRESH_TOKEN = new AccessTokenType("refresh_token");

    private final ClientAuthenticator authenticator;
    private final TokenIntrospections introspections;
    private final Issuer issuer;

    /// @param authenticator tells who asks
    /// @param issuer of every token
    public IntrospectionEndpoint(ClientAuthenticator authenticator, TokenIntrospections introspections, String issuer) {
        this.authenticator = authenticator;
        this.introspections = introspections;
        this.issuer = new Issuer(issuer);
    }

    OAuthAnswer answer(RawHttpRequest raw) {
        try {
            var http = OAuthRequests.http(raw);
            OAuthRequests.requireEachOnce(http);
            var request = TokenIntrospectionRequest.parse(http);
            var client = authenticator.client(http, request.getClientAuthentication(), null);
            var known = introspections
                    .of(client, request.getToken().getValue())
                    .map(this::told)
                    .orElseGet(() -> new TokenIntrospectionSuccessResponse.Builder(false));
            return OAuthAnswer.introspected(known.build());
        } catch (ParseException e) {
            return OAuthRequests.malformed(e);
        } catch (IdentityException e) {
            return TokenEndpoint.refusal(e.failure());
        }
    }

    private TokenIntrospectionSuccessResponse.Builder told(TokenState state) {
        return switch (state) {
            case TokenState.Access(var token) -> told(token);
            case TokenState.Refresh refresh ->
                new TokenIntrospectionSuccessResponse.Builder(true)
                        .tokenType(REFRESH_TOKEN)
                        .issuer(issuer)
                        .clientID(new ClientID(refresh.clientId()))
                        .subject(new Subject(refresh.subject()))
                        .issueTime(Date.from(refresh.issuedAt()))
                        .expirationTime(Date.from(refresh.endsAt()))
                        .parameter("sid", refresh.session())
                        .parameter("roles", refresh.roles());
        };
    }

    private TokenIntrospectionSuccessResponse.Builder told(IssuedToken token) {
        var told = new TokenIntrospectionSuccessResponse.Builder(true)
                .tokenType(token.confirmation() == null ? AccessTokenType.BEARER : AccessTokenType.DPOP)
                .issuer(issuer)
                .audience(token.audience().stream().map(Audience::new).toList())
                .clientID(new ClientID(token.clientId()))
                .subject(new Subject(token.subject()))
                .issueTime(Date.from(token.issuedAt()))
                .expirationTime(Date.from(token.endsAt()))
                .jwtID(new JWTID(token.id()));
        if (token.scope() != null) {
            told.scope(Scope.parse(token.scope()));
        }
        if (token.session() != null) {
            told.parameter("sid", token.session()).parameter("roles", token.roles());
        }
        if (!token.organizations().isEmpty()) {
            told.parameter("org", token.organizations());
        }
        return token.confirmation() == null ? told : told.parameter("cnf", token.confirmation());
    }
}
