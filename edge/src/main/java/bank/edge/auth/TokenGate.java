package bank.edge.auth;

import bank.edge.RequestLabels;
import bank.edge.http.CallerLimit;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.Rpc;
import bank.platform.auth.Principal;
import bank.platform.auth.TokenFault;
import bank.platform.auth.TokenVerifier;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.platform.grpc.PossessionCheck;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets pass whoever bears a good token, or calls what anybody may call. Roles and scopes are the business of the
/// services of this system; for further services they are checked here.
public final class TokenGate {
    private static final String SCHEME = "Bearer ";

    private final TokenVerifier tokens;
    private final BoundTokens bound;
    private final @Nullable ForeignUsers foreign;
    private final CallerLimit limit;

    /// @param bound lets pass tokens that are bound to a key
    /// @param foreign lets pass users of further issuers; null when there are none
    public TokenGate(TokenVerifier tokens, BoundTokens bound, @Nullable ForeignUsers foreign, CallerLimit limit) {
        this.tokens = tokens;
        this.bound = bound;
        this.foreign = foreign;
        this.limit = limit;
    }

    /// A caller who was let through.
    ///
    /// @param authorization the header to pass on; null when there is none, or none that counts
    /// @param service header by which the edge tells who it is; null when it need not
    public record Admitted(
            @Nullable String authorization, @Nullable String service) {
        static final Admitted UNNAMED = new Admitted(null, null);
    }

    /// Checks the `authorization` header for a call of the rpc, and counts the call. May wait for the keys of
    /// identity-service.
    ///
    /// @throws FailureException UNAUTHENTICATED with reason TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED,
    ///     PROOF_INVALID or BOUND_TOKENS_OFF; PERMISSION_DENIED with reason SCOPE_MISSING, USER_MISSING,
    ///     ROLE_MISSING or ACCESS_UNDECLARED; INVALID_ARGUMENT with reason SEVERAL_TOKENS; RESOURCE_EXHAUSTED with
    ///     reason RATE_LIMITED
    public Admitted admit(ServiceRequestContext ctx, Rpc rpc, RequestHeaders headers) {
        String value = required(rpc, headers);
        if (value == null) {
            return Admitted.UNNAMED;
        }
        if (foreign != null && foreign.have(token(value))) {
            return exchanged(ctx, rpc, headers, value, foreign);
        }
        if (PossessionCheck.isClaimed(value)) {
            BoundTokens.Holder holder = bound.holder(ctx, rpc, value, headers);
            return admitted(ctx, rpc, new Admitted(value, holder.service()), holder.principal());
        }
        return admitted(ctx, rpc, new Admitted(value, null), tokens.verify(token(value)));
    }

    private Admitted exchanged(
            ServiceRequestContext ctx, Rpc rpc, RequestHeaders headers, String value, ForeignUsers foreign) {
        ForeignUsers.Exchanged exchanged = foreign.exchange(ctx, token(value));
        String key = exchanged.key();
        if ((key != null) != PossessionCheck.isClaimed(value)) {
            throw TokenVerifier.otherScheme(key != null).exception();
        }
        if (key != null) {
            bound.check(ctx, headers, token(value), key);
        }
        try {
            return exchanged(ctx, rpc, exchanged, tokens.verify(exchanged.token()));
        } catch (FailureException e) {
            if (!e.failure().reason().equals("TOKEN_INVALID")) {
                throw e;
            }
        }
        // The key that signed it may have been withdrawn since.
        foreign.forget(token(value), exchanged);
        ForeignUsers.Exchanged other = foreign.exchange(ctx, token(value));
        return exchanged(ctx, rpc, other, tokens.verify(other.token()));
    }

    private Admitted exchanged(ServiceRequestContext ctx, Rpc rpc, ForeignUsers.Exchanged exchanged, Principal bearer) {
        return admitted(ctx, rpc, new Admitted(SCHEME + exchanged.token(), null), bearer);
    }

    /// The same without waiting.
    ///
    /// @return null when the token was not seen before, and so has to be checked by [#admit]
    /// @throws FailureException as above
    public @Nullable Admitted admitKnown(ServiceRequestContext ctx, Rpc rpc, RequestHeaders headers) {
        String value = required(rpc, headers);
        if (value == null) {
            return Admitted.UNNAMED;
        }
        Principal bearer = PossessionCheck.isClaimed(value) ? null : tokens.known(token(value));
        return bearer == null ? null : admitted(ctx, rpc, new Admitted(value, null), bearer);
    }

    private Admitted admitted(ServiceRequestContext ctx, Rpc rpc, Admitted admitted, Principal bearer) {
        RequestLabels.caller(ctx, bearer);
        limit.count(ctx, bearer);
        Failure refusal = rpc.admission().refusal(bearer);
        if (refusal != null) {
            throw refusal.exception();
        }
        return admitted;
    }

    private static String token(String value) {
        return PossessionCheck.isClaimed(value)
                ? PossessionCheck.token(value)
                : value.substring(SCHEME.length()).strip();
    }

    /// The header with the token; null when the rpc needs none.
    private static @Nullable String required(Rpc rpc, RequestHeaders headers) {
        List<String> values = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        if (values.size() > 1) {
            throw EdgeFailures.malformed("SEVERAL_TOKENS", "send one Authorization header")
                    .exception();
        }
        if (rpc.admission().anonymous()) {
            return null;
        }
        if (values.isEmpty()) {
            throw Failure.of(
                            Status.Code.UNAUTHENTICATED,
                            "TOKEN_MISSING",
                            "sign in and send the access token as a bearer token")
                    .exception();
        }
        String value = values.getFirst();
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) && !PossessionCheck.isClaimed(value)) {
            throw TokenFault.SCHEME
                    .failure("send the access token as a bearer token")
                    .exception();
        }
        return value;
    }
}
