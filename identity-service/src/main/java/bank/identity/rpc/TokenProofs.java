package bank.identity.rpc;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.TokenKey;
import bank.platform.auth.DpopProofs;
import bank.platform.auth.PublicOrigin;
import bank.v1.HttpHeader;
import bank.v1.RawHttpRequest;
import org.jspecify.annotations.Nullable;

/// Proofs (DPoP, RFC 9449) in requests for tokens.
public final class TokenProofs {
    private final DpopProofs proofs;
    private final PublicOrigin origin;

    /// @param origin by which clients address the token endpoint
    public TokenProofs(DpopProofs proofs, PublicOrigin origin) {
        this.proofs = proofs;
        this.origin = origin;
    }

    /// The key that tokens for this request are to be bound to; null for bearer tokens.
    ///
    /// @param client who asks, and has proved who he is
    /// @throws bank.platform.failure.FailureException UNAUTHENTICATED with reason PROOF_INVALID
    /// @throws IdentityException ProofRequired when the client takes no bearer tokens
    @Nullable
    TokenKey key(RawHttpRequest request, OAuthClient client) {
        var sent = request.getHeadersList().stream()
                .filter(header -> header.getName().equalsIgnoreCase(DpopProofs.SCHEME))
                .map(HttpHeader::getValue)
                .toList();
        if (sent.size() > 1) {
            throw DpopProofs.missing().exception();
        }
        if (sent.isEmpty()) {
            if (client.dpopBound()) {
                throw new IdentityException(new IdentityFailure.ProofRequired());
            }
            return null;
        }
        var key = proofs.check(sent.getFirst(), request.getMethod(), origin.url(request.getPath()));
        return new TokenKey(key, !client.confidential());
    }
}
