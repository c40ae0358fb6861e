package bank.platform.grpc;

import bank.platform.auth.AccessRule;
import bank.platform.auth.Principal;
import bank.platform.auth.TokenFault;
import bank.platform.auth.TokenVerifier;
import bank.platform.failure.FailureException;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Lets in who may call, by the access option of the method, and denies everything else. Health and
/// reflection are open to everybody.
final class AccessInterceptor implements ServerInterceptor {
    private static final Set<String> OPEN_SERVICES = Set.of(
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection");

    private final TokenVerifier tokens;
    private final PossessionCheck possession;
    private final Map<MethodDescriptor<?, ?>, AccessRule> rules = new ConcurrentHashMap<>();
    private final RefusedTokens refused;

    /// @param authorities `host:port` by which callers may name this server beside its address
    AccessInterceptor(TokenVerifier tokens, Set<String> authorities, RefusedTokens refused) {
        this.tokens = tokens;
        this.possession = new PossessionCheck(tokens, authorities);
        this.refused = refused;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        try {
            var rule = rules.computeIfAbsent(call.getMethodDescriptor(), AccessInterceptor::rule);
            var principal = principal(rule, call, headers);
            var refusal = rule.refusal(principal);
            if (refusal != null) {
                throw refusal.exception();
            }
            Call.current().authenticate(principal);
        } catch (FailureException e) {
            refused.note(e.failure(), call.getMethodDescriptor().getFullMethodName());
            var status = e.failure().toStatus();
            call.close(status.getStatus(), status.getTrailers() == null ? new Metadata() : status.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }

    private Principal principal(AccessRule rule, ServerCall<?, ?> call, Metadata headers) {
        if (rule instanceof AccessRule.Everybody) {
            return new Principal.Anonymous();
        }
        var key = Headers.key(Headers.AUTHORIZATION);
        var all = headers.getAll(key);
        if (all == null) {
            return new Principal.Anonymous();
        }
        var values = all.iterator();
        var value = values.next();
        if (!values.hasNext() && PossessionCheck.isClaimed(value)) {
            return possession.holder(value, call, headers);
        }
        if (values.hasNext() || !value.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw (values.hasNext() ? TokenFault.SEVERAL : TokenFault.SCHEME)
                    .failure("send one authorization header: Bearer and the access token")
                    .exception();
        }
        return tokens.verify(value.substring(7).strip());
    }

    private static AccessRule rule(MethodDescriptor<?, ?> method) {
        if (OPEN_SERVICES.contains(String.valueOf(method.getServiceName()))) {
            return new AccessRule.Everybody();
        }
        return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
                ? AccessRule.of(schema.getMethodDescriptor())
                : new AccessRule.Nobody();
    }
}
