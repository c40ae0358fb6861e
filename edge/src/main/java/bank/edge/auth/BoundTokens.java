package bank.edge.auth;

import bank.edge.problem.EdgeFailures;
import bank.edge.route.Rpc;
import bank.platform.auth.DpopProofs;
import bank.platform.auth.OwnToken;
import bank.platform.auth.Principal;
import bank.platform.auth.PublicOrigin;
import bank.platform.auth.TokenVerifier;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.platform.grpc.Headers;
import bank.platform.grpc.PossessionCheck;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Access tokens that are bound to a key (RFC 9449). Their proofs are for the edge; the services of this system take
/// them from the edge because it tells by a token of its own who passes them on.
public final class BoundTokens {
    private static final Logger LOG = LoggerFactory.getLogger(BoundTokens.class);

    private final TokenVerifier tokens;
    private final PublicOrigin origin;
    private final @Nullable OwnToken own;
    private final AtomicBoolean told = new AtomicBoolean();

    /// @param origin by which clients address the edge
    /// @param own gives an access token of the edge with the scope [PossessionCheck#FORWARDING]; null when the edge
    ///     has no credentials
    public BoundTokens(TokenVerifier tokens, PublicOrigin origin, @Nullable OwnToken own) {
        this.tokens = tokens;
        this.origin = origin;
        this.own = own;
    }

    /// A caller who holds the key of his token.
    ///
    /// @param service header by which the edge tells who it is; null for services that are not of this system
    record Holder(Principal principal, @Nullable String service) {}

    /// Who calls. May wait for identity-service.
    ///
    /// @param authorization header with a bound token
    /// @throws FailureException UNAUTHENTICATED with reason TOKEN_INVALID, TOKEN_EXPIRED, PROOF_INVALID or
    ///     BOUND_TOKENS_OFF; UNAVAILABLE
    Holder holder(ServiceRequestContext ctx, Rpc rpc, String authorization, RequestHeaders headers) {
        String token = PossessionCheck.token(authorization);
        TokenVerifier.Bound bound = tokens.bound(token);
        String service = rpc.ways().told() ? "Bearer " + own() : null;
        check(ctx, headers, token, bound.key());
        return new Holder(bound.principal(), service);
    }

    /// Checks the proof that comes with a token.
    ///
    /// @param key thumbprint of the key the token is bound to
    /// @throws FailureException UNAUTHENTICATED with reason PROOF_INVALID; UNAVAILABLE
    void check(ServiceRequestContext ctx, RequestHeaders headers, String token, String key) {
        List<String> sent = headers.getAll(Headers.DPOP);
        if (sent.size() != 1) {
            throw DpopProofs.missing().exception();
        }
        tokens.proofs().check(sent.getFirst(), headers.method().name(), origin.url(ctx.rawPath()), token, key);
    }

    private String own() {
        if (own == null) {
            if (!told.getAndSet(true)) {
                LOG.warn("access tokens bound to a key are refused: bank.edge.client is not set");
            }
            throw Failure.of(
                            Status.Code.UNAUTHENTICATED,
                            "BOUND_TOKENS_OFF",
                            "access tokens that are bound to a key are not taken here: use a bearer token")
                    .exception();
        }
        try {
            return good(own);
        } catch (StatusRuntimeException e) {
            LOG.warn("the edge gets no access token of its own: {}", e.getStatus());
            throw EdgeFailures.upstreamDown().exception();
        }
    }

    /// A token that the keys the edge knows hold for: services know the same ones, and so would refuse one whose key
    /// was withdrawn.
    private String good(OwnToken own) {
        String token = own.get();
        try {
            tokens.verify(token);
            return token;
        } catch (FailureException e) {
            if (!e.failure().reason().equals("TOKEN_INVALID")) {
                throw e;
            }
            own.forget(token);
            return own.get();
        }
    }
}
