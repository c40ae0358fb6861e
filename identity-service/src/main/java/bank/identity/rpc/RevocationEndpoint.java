package bank.identity.rpc;

import bank.identity.domain.TokenRevocations;
import bank.identity.model.IdentityException;
import bank.v1.RawHttpRequest;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;

/// The revocation endpoint of RFC 7009. What kind of token it is shows; `token_type_hint` is not needed.
public final class RevocationEndpoint {
    private static final ErrorObject BELONGS_TO_NO_SESSION = new ErrorObject(
            "unsupported_token_type", "an access token of a client that acts for itself holds until it ends", 400);

    private final ClientAuthenticator authenticator;
    private final TokenRevocations revocations;

    /// @param authenticator tells who asks
    public RevocationEndpoint(ClientAuthenticator authenticator, TokenRevocations revocations) {
        this.authenticator = authenticator;
        this.revocations = revocations;
    }

    OAuthAnswer answer(RawHttpRequest raw) {
        try {
            var http = OAuthRequests.http(raw);
            OAuthRequests.requireEachOnce(http);
            var request = TokenRevocationRequest.parse(http);
            var client = authenticator.client(http, request.getClientAuthentication(), request.getClientID());
            return revocations.revoke(client, request.getToken().getValue(), Callers.of(client))
                    ? OAuthAnswer.revoked()
                    : OAuthAnswer.error(BELONGS_TO_NO_SESSION);
        } catch (ParseException e) {
            return OAuthRequests.malformed(e);
        } catch (IdentityException e) {
            return TokenEndpoint.refusal(e.failure());
        }
    }
}
