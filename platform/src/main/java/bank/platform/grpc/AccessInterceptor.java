package bank.platform.grpc;

import bank.platform.auth.AccessRule;
import bank.platform.auth.Principal;
import bank.platform.auth.TokenChecks;
import bank.platform.auth.TokenFault;
import bank.platform.auth.TokenVerifier;
import bank.platform.auth.TokenVerifier.Bearer;
import bank.platform.failure.FailureException;
import bank.v1.Options;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Lets in who may call, by the access option of the method, and denies everything else. Health and
/// reflection are open to everybody. A stream that can be resumed ends with the token it was begun with.
final class AccessInterceptor implements ServerInterceptor {
    private static final Set<String> OPEN_SERVICES = Set.of(
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection");

    private final TokenVerifier tokens;
    private final PossessionCheck possession;
    private final Map<MethodDescriptor<?, ?>, AccessRule> rules = new ConcurrentHashMap<>();
    private final RefusedTokens refused;
    private final ScheduledExecutorService timer;

    /// @param authorities `host:port` by which callers may name this server beside its address
    /// @param timer ends streams whose token has ended; its work is short
    AccessInterceptor(
            TokenVerifier tokens, Set<String> authorities, RefusedTokens refused, ScheduledExecutorService timer) {
        this.tokens = tokens;
        this.possession = new PossessionCheck(tokens, authorities);
        this.refused = refused;
        this.timer = timer;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        TimedCall.End end;
        try {
            var rule = rules.computeIfAbsent(call.getMethodDescriptor(), AccessInterceptor::rule);
            var bearer = bearer(rule, call, headers);
            var principal = bearer == null ? new Principal.Anonymous() : bearer.principal();
            var refusal = rule.refusal(principal);
            if (refusal != null) {
                throw refusal.exception();
            }
            Call.current().authenticate(principal);
            end = bearer == null ? null : end(bearer, call.getMethodDescriptor());
        } catch (FailureException e) {
            refused.note(e.failure(), call.getMethodDescriptor().getFullMethodName());
            var status = e.failure().toStatus();
            call.close(status.getStatus(), status.getTrailers() == null ? new Metadata() : status.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        return end == null ? next.startCall(call, headers) : TimedCall.start(call, headers, next, end, timer);
    }

    /// Who bears the token of a call; null when it has none that counts here.
    private @Nullable Bearer bearer(AccessRule rule, ServerCall<?, ?> call, Metadata headers) {
        if (rule instanceof AccessRule.Everybody) {
            return null;
        }
        var key = Headers.key(Headers.AUTHORIZATION);
        var all = headers.getAll(key);
        if (all == null) {
            return null;
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
        return tokens.bearer(value.substring(7).strip());
    }

    /// When a stream ends that must not outlast the token of its caller, who can resume it with another; null when
    /// that is not before it ends anyway. What cannot be resumed, an upload or a download, ends by its deadline alone.
    private static TimedCall.@Nullable End end(Bearer bearer, MethodDescriptor<?, ?> method) {
        if (!isResumable(method)) {
            return null;
        }
        var end = Deadline.after(bearer.left().toNanos(), TimeUnit.NANOSECONDS);
        var other = Context.current().getDeadline();
        return other == null || end.isBefore(other) ? new TimedCall.End(end, TokenChecks.expired()) : null;
    }

    private static boolean isResumable(MethodDescriptor<?, ?> method) {
        return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
                && schema.getMethodDescriptor().getOptions().hasExtension(Options.resumption);
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
