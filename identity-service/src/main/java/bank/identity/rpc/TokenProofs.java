package bank.identity.rpc;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.OAuthClient;
import bank.identity.model.TokenKey;
import bank.platform.auth.DpopProofs;
import bank.platform.auth.Principal;
import bank.platform.auth.PublicOrigin;
import bank.platform.auth.TokenVerifier;
import bank.platform.grpc.Headers;
import bank.platform.grpc.PossessionCheck;
import bank.v1.RawHttpRequest;
import org.jspecify.annotations.Nullable;

/// Proofs (DPoP, RFC 9449) in requests for tokens, and with tokens where requests come as they are.
public final class TokenProofs {
    private final DpopProofs proofs;
    private final PublicOrigin origin;

    /// @param origin by which clients address the token endpoint
    public TokenProofs(DpopProofs proofs, PublicOrigin origin) {
        this.proofs = proofs;
        this.origin = origin;
    }

    /// A proof in a request for tokens, and the key it binds them to.
    record Proved(TokenKey key, DpopProofs.Proof proof) {}

    /// The proof in a request for tokens, spent before anything comes of it, so that it is good for one grant
    /// however many come at once. Null for bearer tokens.
    ///
    /// @param client who asks, and has proved who he is
    /// @throws bank.platform.failure.FailureException UNAUTHENTICATED with reason PROOF_INVALID; UNAVAILABLE
    ///     with reason OVERLOADED
    /// @throws IdentityException ProofRequired when the client takes no bearer tokens
    @Nullable
    Proved proved(RawHttpRequest request, OAuthClient client) {
        var sent = RawRequests.headers(request, Headers.DPOP);
        if (sent.size() > 1) {
            throw DpopProofs.missing().exception();
        }
        if (sent.isEmpty()) {
            if (client.dpopBound()) {
                throw new IdentityException(new IdentityFailure.ProofRequired());
            }
            return null;
        }
        var proof = proofs.check(sent.getFirst(), request.getMethod(), origin.url(request.getPath()));
        return new Proved(new TokenKey(proof.key(), !client.confidential()), proof);
    }

    /// Lets the proof of a request that was refused count again: whoever gets nothing takes no room from
    /// others.
    void giveBack(Proved proved) {
        proofs.giveBack(proved.proof());
    }

    /// Whom a bound token speaks of that comes with a request and a proof.
    ///
    /// @param authorization header with the token
    /// @throws bank.platform.failure.FailureException UNAUTHENTICATED with reason TOKEN_INVALID, TOKEN_EXPIRED or
    ///     PROOF_INVALID
    Principal holder(RawHttpRequest request, String authorization, TokenVerifier tokens) {
        var token = PossessionCheck.token(authorization);
        var bound = tokens.bound(token);
        var sent = RawRequests.headers(request, Headers.DPOP);
        if (sent.size() != 1) {
            throw DpopProofs.missing().exception();
        }
        proofs.check(sent.getFirst(), request.getMethod(), origin.url(request.getPath()), token, bound.key());
        return bound.principal();
    }
}
