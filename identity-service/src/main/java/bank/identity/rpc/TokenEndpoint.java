package bank.identity.rpc;

import bank.identity.domain.CodeExchange;
import bank.identity.domain.OAuthClients;
import bank.identity.domain.Sessions;
import bank.identity.domain.SignIns;
import bank.identity.model.CodeGrant;
import bank.identity.model.Grant;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.identity.model.TokenKey;
import bank.identity.model.TokenPair;
import bank.platform.auth.DpopProofs;
import bank.platform.failure.FailureException;
import bank.v1.RawHttpRequest;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The token endpoint of RFC 6749, section 3.2.
public final class TokenEndpoint {
    private static final int DESCRIPTION_MAX = 300;
    private static final Pattern TOLD = Pattern.compile("[!#-\\[\\]-~]+");

    private final OAuthClients clients;
    private final ClientAuthenticator authenticator;
    private final SignIns signIns;
    private final Sessions sessions;
    private final CodeExchange codes;
    private final TokenProofs proofs;
    private final ForeignExchange exchanges;

    /// @param clients who may ask
    /// @param authenticator tells who asks
    /// @param codes codes of the sign-in page
    /// @param proofs of the keys that tokens are bound to
    /// @param exchanges of tokens of other issuers
    public TokenEndpoint(
            OAuthClients clients,
            ClientAuthenticator authenticator,
            SignIns signIns,
            Sessions sessions,
            CodeExchange codes,
            TokenProofs proofs,
            ForeignExchange exchanges) {
        this.proofs = proofs;
        this.exchanges = exchanges;
        this.clients = clients;
        this.authenticator = authenticator;
        this.signIns = signIns;
        this.sessions = sessions;
        this.codes = codes;
    }

    OAuthAnswer answer(RawHttpRequest raw) {
        try {
            var http = TokenForm.of(raw);
            var request = TokenRequest.parse(http);
            var named = request.getClientID() == null ? new ClientID(OAuthClient.DEFAULT_ID) : request.getClientID();
            var client = authenticator.client(http, request.getClientAuthentication(), named);
            var proved = proofs.proved(raw, client);
            return proved == null ? answer(request, client, null) : provedAnswer(request, client, proved);
        } catch (ParseException e) {
            return OAuthAnswer.error(told(e.getErrorObject()));
        } catch (IdentityException e) {
            return refusal(e.failure());
        } catch (FailureException e) {
            return OAuthAnswer.error(
                    e.failure().reason().equals(DpopProofs.INVALID)
                            ? OAuth2Error.INVALID_DPOP_PROOF.setDescription(
                                    e.failure().message())
                            : OAuth2Error.TEMPORARILY_UNAVAILABLE.setHTTPStatusCode(503));
        }
    }

    /// What broke down midway keeps its proof, for it may have taken effect.
    private OAuthAnswer provedAnswer(TokenRequest request, OAuthClient client, TokenProofs.Proved proved)
            throws ParseException {
        try {
            var answer = answer(request, client, proved.key());
            if (answer.status() != 200) {
                proofs.giveBack(proved);
            }
            return answer;
        } catch (ParseException | IdentityException e) {
            proofs.giveBack(proved);
            throw e;
        }
    }

    private OAuthAnswer answer(TokenRequest request, OAuthClient client, @Nullable TokenKey key) throws ParseException {
        AuthorizationGrant grant = request.getAuthorizationGrant();
        return switch (grant) {
            case ResourceOwnerPasswordCredentialsGrant password -> {
                clients.require(client, Grant.PASSWORD);
                refuseScope(request);
                yield pair(signIns.signIn(
                        password.getUsername(),
                        new Password(password.getPassword().getValue()),
                        client.id(),
                        key,
                        Callers.current()));
            }
            case AuthorizationCodeGrant code -> {
                clients.require(client, Grant.AUTHORIZATION_CODE);
                yield granted(
                        client,
                        codes.exchange(
                                client,
                                code.getAuthorizationCode().getValue(),
                                code.getRedirectionURI() == null
                                        ? ""
                                        : code.getRedirectionURI().toString(),
                                code.getCodeVerifier() == null
                                        ? ""
                                        : code.getCodeVerifier().getValue(),
                                key,
                                Callers.current()));
            }
            case RefreshTokenGrant refresh -> {
                clients.require(client, Grant.REFRESH_TOKEN);
                yield pair(sessions.refresh(
                        refresh.getRefreshToken().getValue(), client.id(), scopes(request), key, Callers.current()));
            }
            case TokenExchangeGrant exchange -> {
                refuseScope(request);
                yield exchanges.answer(request, exchange, client, key);
            }
            case ClientCredentialsGrant machine ->
                OAuthAnswer.tokens(clients.machineToken(client, scopes(request), key), null);
            default -> OAuthAnswer.error(OAuth2Error.UNSUPPORTED_GRANT_TYPE);
        };
    }

    /// The error of a request that cannot be read, without long words of the client's own.
    private static ErrorObject told(@Nullable ErrorObject error) {
        if (error == null) {
            return OAuth2Error.INVALID_REQUEST.setDescription("the request is no token request");
        }
        if (error.getCode().equals(OAuth2Error.INVALID_CLIENT.getCode())) {
            return error.setDescription("this grant type needs the client's id and secret,"
                    + " by HTTP Basic or as client_id and client_secret");
        }
        var description = error.getDescription();
        return description == null || description.length() > DESCRIPTION_MAX
                ? error.setDescription("a parameter cannot be read")
                : error;
    }

    /// The scopes a request asks for; empty when it names none.
    private static Set<String> scopes(TokenRequest request) {
        return request.getScope() == null
                ? Set.of()
                : Set.copyOf(request.getScope().toStringList());
    }

    /// Users have roles instead of scopes: a session that the bank's own client opens for one has none.
    private static void refuseScope(TokenRequest request) throws ParseException {
        if (request.getScope() != null && !request.getScope().isEmpty()) {
            var description = "tokens of users have no scopes: leave scope out";
            throw new ParseException(description, OAuth2Error.INVALID_SCOPE.setDescription(description));
        }
    }

    /// A client that may not renew its tokens has no use for a refresh token.
    private static OAuthAnswer granted(OAuthClient client, CodeGrant granted) {
        return OAuthAnswer.tokens(
                granted.tokens().access(),
                client.grants().contains(Grant.REFRESH_TOKEN) ? granted.tokens().refreshToken() : null,
                granted.idToken());
    }

    private static OAuthAnswer pair(TokenPair tokens) {
        return OAuthAnswer.tokens(tokens.access(), tokens.refreshToken());
    }

    static OAuthAnswer refusal(IdentityFailure failure) {
        return switch (failure) {
            case IdentityFailure.BadCredentials() ->
                OAuthAnswer.error(
                        OAuth2Error.INVALID_GRANT.setDescription("user name and password do not belong together"));
            case IdentityFailure.AccountBlocked() ->
                OAuthAnswer.error(OAuth2Error.INVALID_GRANT.setDescription("this account may not sign in"));
            case IdentityFailure.SignInPaused(var pause) ->
                OAuthAnswer.error(OAuth2Error.TEMPORARILY_UNAVAILABLE
                                .setHTTPStatusCode(429)
                                .setDescription("too many sign-ins failed: wait before the next"))
                        .retryAfter(pause);
            case IdentityFailure.RefreshTokenInvalid() ->
                OAuthAnswer.error(
                        OAuth2Error.INVALID_GRANT.setDescription("the refresh token is unknown, spent or ended"));
            case IdentityFailure.CodeInvalid() ->
                OAuthAnswer.error(OAuth2Error.INVALID_GRANT.setDescription(
                        "the code is unknown, spent or ended, or meant for another client or proof"));
            case IdentityFailure.ClientRefused() ->
                OAuthAnswer.error(
                        OAuth2Error.INVALID_CLIENT.setDescription("the client is unknown or has not proved who it is"));
            case IdentityFailure.GrantRefused(var had) ->
                OAuthAnswer.error(OAuth2Error.UNAUTHORIZED_CLIENT.setDescription(
                        "the client may not use this grant type; it may use "
                                + listed(had.stream().map(grant -> grant.name().toLowerCase(Locale.ROOT)))));
            case IdentityFailure.ScopeRefused(var had) ->
                OAuthAnswer.error(OAuth2Error.INVALID_SCOPE.setDescription(
                        "the client has not the scope it asks for; it has " + listed(had.stream())));
            case IdentityFailure.ProofRequired() ->
                OAuthAnswer.error(OAuth2Error.INVALID_DPOP_PROOF.setDescription(
                        "send a proof of the key that the tokens of this client are bound to"));
            // RFC 8693, section 2.2.2.
            case IdentityFailure.SubjectTokenRefused(var description) ->
                OAuthAnswer.error(
                        OAuth2Error.INVALID_REQUEST.setDescription("the subject token is refused: " + description));
            case IdentityFailure.Overloaded() ->
                OAuthAnswer.error(OAuth2Error.TEMPORARILY_UNAVAILABLE
                        .setHTTPStatusCode(503)
                        .setDescription("too many sign-ins at once: repeat a little later"));
            case IdentityFailure.EmailTaken _,
                    IdentityFailure.RegistrationPaused _,
                    IdentityFailure.PasswordWeak _,
                    IdentityFailure.FieldInvalid _,
                    IdentityFailure.IdentityLinked _,
                    IdentityFailure.IdentityUnknown _,
                    IdentityFailure.UserUnknown _,
                    IdentityFailure.AccountUnknown _,
                    IdentityFailure.ClientIdTaken _,
                    IdentityFailure.ClientUnknown _,
                    IdentityFailure.ClientProtected _,
                    IdentityFailure.ClientWithoutSecret _,
                    IdentityFailure.OfVerification _,
                    IdentityFailure.Administration _ -> OAuthAnswer.error(OAuth2Error.INVALID_REQUEST);
        };
    }

    /// Names in order, save those an error cannot tell (RFC 6749, section 5.2).
    private static String listed(Stream<String> names) {
        var list = names.filter(name -> TOLD.matcher(name).matches()).sorted().collect(Collectors.joining(", "));
        return list.isEmpty() ? "none" : list;
    }
}
