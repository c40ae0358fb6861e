package bank.edge.auth;

import bank.edge.http.CallerLimit;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.Rpc;
import bank.platform.auth.TokenVerifier;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets pass whoever bears a good token, or calls what anybody may call. Roles and scopes are the services' business.
public final class TokenGate {
    private static final String SCHEME = "Bearer ";

    private final TokenVerifier tokens;
    private final CallerLimit limit;

    public TokenGate(TokenVerifier tokens, CallerLimit limit) {
        this.tokens = tokens;
        this.limit = limit;
    }

    /// Checks the `authorization` header for a call of the rpc, and counts the call. May wait for the keys of
    /// identity-service.
    ///
    /// @return the header to pass on; null when there is none, or none that counts
    /// @throws FailureException UNAUTHENTICATED with reason TOKEN_MISSING, TOKEN_INVALID or TOKEN_EXPIRED;
    ///     INVALID_ARGUMENT with reason SEVERAL_TOKENS; RESOURCE_EXHAUSTED with reason RATE_LIMITED
    public @Nullable String admit(ServiceRequestContext ctx, Rpc rpc, RequestHeaders headers) {
        List<String> values = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        if (values.size() > 1) {
            throw EdgeFailures.malformed("SEVERAL_TOKENS", "send one Authorization header")
                    .exception();
        }
        if (rpc.anonymous()) {
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
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Failure.of(Status.Code.UNAUTHENTICATED, "TOKEN_INVALID", "send the access token as a bearer token")
                    .exception();
        }
        limit.count(ctx, tokens.verify(value.substring(SCHEME.length()).strip()));
        return value;
    }
}
