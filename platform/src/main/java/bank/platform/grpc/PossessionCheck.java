package bank.platform.grpc;

import bank.platform.auth.DpopProofs;
import bank.platform.auth.Principal;
import bank.platform.auth.TokenVerifier;
import bank.platform.auth.TokenVerifier.Bearer;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Takes access tokens that are bound to a key (RFC 9449): from whoever proves to hold the key, or from a service of
/// this system that has checked the proof, which was for the first hop alone.
public final class PossessionCheck {
    /// What a service may do that passes on calls of others.
    public static final String FORWARDING = "calls:forward";

    private static final String SCHEME = DpopProofs.SCHEME + " ";
    private static final String BEARER = "Bearer ";

    private final TokenVerifier tokens;
    private final Set<String> authorities;

    /// @param authorities `host:port` by which callers may name the server beside its address
    PossessionCheck(TokenVerifier tokens, Set<String> authorities) {
        this.tokens = tokens;
        this.authorities =
                authorities.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /// The header `authorization` says that its token is bound to a key.
    public static boolean isClaimed(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /// The token in such a header.
    public static String token(String authorization) {
        return authorization.substring(SCHEME.length()).strip();
    }

    /// Who calls with a bound token.
    ///
    /// @throws FailureException UNAUTHENTICATED with reason TOKEN_INVALID, TOKEN_EXPIRED, PROOF_INVALID or
    ///     CALLER_SERVICE_INVALID; UNAVAILABLE with reason OVERLOADED or KEYS_UNAVAILABLE
    Bearer holder(String authorization, ServerCall<?, ?> call, Metadata headers) {
        var token = token(authorization);
        var bound = tokens.bound(token);
        if (headers.containsKey(Headers.key(Headers.CALLER_SERVICE))) {
            requireForwarder(sole(headers, Headers.CALLER_SERVICE));
        } else {
            var proof = sole(headers, Headers.DPOP);
            if (proof == null) {
                throw DpopProofs.missing().exception();
            }
            tokens.proofs().check(proof, "POST", address(call), token, bound.key());
        }
        return new Bearer(bound.principal(), bound.left());
    }

    private void requireForwarder(@Nullable String own) {
        if (own == null
                || !own.regionMatches(true, 0, BEARER, 0, BEARER.length())
                || !(tokens.verify(own.substring(BEARER.length()).strip()) instanceof Principal.Machine service)
                || !service.scopes().contains(FORWARDING)) {
            throw Failure.of(
                            Status.Code.UNAUTHENTICATED,
                            "CALLER_SERVICE_INVALID",
                            "the service that passes this call on may not do so")
                    .exception();
        }
    }

    private static @Nullable String sole(Metadata headers, String name) {
        var values = headers.getAll(Headers.key(name));
        if (values == null) {
            return null;
        }
        var all = values.iterator();
        var value = all.next();
        return all.hasNext() ? null : value;
    }

    /// The URL of the call. A caller may name the server as he likes, so that a proof for another server would pass
    /// here if every name were believed.
    private String address(ServerCall<?, ?> call) {
        var authority = String.valueOf(call.getAuthority()).toLowerCase(Locale.ROOT);
        if (!authorities.contains(authority) && !isOwnAddress(authority, call)) {
            throw DpopProofs.refused("this service is not known by that name, so that no proof can be for it")
                    .exception();
        }
        var scheme = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION) == null ? "http" : "https";
        return scheme + "://" + authority + "/" + call.getMethodDescriptor().getFullMethodName();
    }

    private static boolean isOwnAddress(String authority, ServerCall<?, ?> call) {
        if (!(call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR) instanceof InetSocketAddress local)
                || local.getAddress() == null) {
            return false;
        }
        var host = local.getAddress().getHostAddress();
        var port = ":" + local.getPort();
        return authority.equals((host.contains(":") ? "[" + host + "]" : host) + port)
                || (local.getAddress().isLoopbackAddress() && authority.equals("localhost" + port));
    }
}
