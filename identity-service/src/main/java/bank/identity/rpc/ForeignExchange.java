package bank.identity.rpc;

import bank.identity.domain.TokenExchanges;
import bank.identity.model.OAuthClient;
import bank.identity.model.TokenKey;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The grant of RFC 8693 at the token endpoint: a token of another issuer for one of the bank.
public final class ForeignExchange {
    private static final Set<TokenTypeURI> TAKEN = Set.of(TokenTypeURI.ACCESS_TOKEN, TokenTypeURI.JWT);

    private final TokenExchanges exchanges;

    public ForeignExchange(TokenExchanges exchanges) {
        this.exchanges = exchanges;
    }

    OAuthAnswer answer(TokenRequest request, TokenExchangeGrant grant, OAuthClient client, @Nullable TokenKey key) {
        if (!TAKEN.contains(grant.getSubjectTokenType()) || grant.getActorToken() != null) {
            return OAuthAnswer.error(OAuth2Error.INVALID_REQUEST.setDescription(
                    "subject_token_type must be access_token or jwt, without an actor_token"));
        }
        var wanted = grant.getRequestedTokenType();
        if (wanted != null && !wanted.equals(TokenTypeURI.ACCESS_TOKEN)) {
            return OAuthAnswer.error(OAuth2Error.INVALID_REQUEST.setDescription("only access tokens are given"));
        }
        if (isAny(grant.getAudience()) || isAny(request.getResources())) {
            return OAuthAnswer.error(
                    OAuth2Error.INVALID_TARGET.setDescription("tokens are for the bank's own services alone"));
        }
        return OAuthAnswer.exchanged(
                exchanges.exchange(client, grant.getSubjectToken().getValue(), key, Callers.current()));
    }

    private static boolean isAny(java.util.@Nullable List<?> targets) {
        return targets != null && !targets.isEmpty();
    }
}
