package bank.edge.auth;

import bank.edge.RequestLabels;
import bank.edge.problem.EdgeFailures;
import bank.platform.auth.TokenChecks;
import bank.platform.auth.TokenRequests;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.platform.grpc.Headers;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Users of further issuers: their tokens are exchanged at identity-service (RFC 8693) for ones of its own, which
/// alone reach the services. What was exchanged is remembered until the end of either token, at most 10,000 of them;
/// one token is exchanged once at a time.
public final class ForeignUsers {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignUsers.class);
    private static final int REMEMBERED_MAX = 10_000;
    private static final int AGENT_LENGTH_MAX = 256;

    /// A token of identity-service for a foreign one.
    ///
    /// @param key thumbprint of the key the foreign one is bound to; null for a bearer token
    /// @param end when the first of both ends
    record Exchanged(String token, @Nullable String key, Instant end) {
        @Override
        public String toString() {
            return "Exchanged[…]";
        }
    }

    private final TokenChecks issued;
    private final TokenRequests requests;
    private final Clock clock;
    private final Cache<String, Exchanged> exchanged;

    /// @param issued checks tokens of the issuers whose users are users here
    /// @param requests to identity-service, as a client with the scope `tokens:exchange`
    public ForeignUsers(TokenChecks issued, TokenRequests requests, Clock clock) {
        this.issued = issued;
        this.requests = requests;
        this.clock = clock;
        this.exchanged = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_MAX)
                .expireAfter(Expiry.<String, Exchanged>creating(
                        (_, value) -> Duration.between(clock.instant(), value.end())))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /// The token names one of their issuers.
    boolean have(String token) {
        return issued.isNamedIn(token);
    }

    /// The token of identity-service for a foreign one. May wait for identity-service.
    ///
    /// @throws FailureException UNAUTHENTICATED with reason TOKEN_INVALID or TOKEN_EXPIRED; UNAVAILABLE
    Exchanged exchange(ServiceRequestContext ctx, String token) {
        return exchanged.get(digest(token), _ -> fresh(ctx, token));
    }

    /// Exchanges a token anew at its next use, for what it was exchanged for is refused.
    void forget(String token, Exchanged refused) {
        exchanged.asMap().remove(digest(token), refused);
    }

    private Exchanged fresh(ServiceRequestContext ctx, String token) {
        TokenChecks.Checked checked = issued.check(token);
        Map<String, Object> answer = answer(ctx, token);
        try {
            String own = JSONObjectUtils.getString(answer, "access_token");
            if (own == null) {
                throw refused(answer);
            }
            Instant end = clock.instant().plusSeconds(JSONObjectUtils.getLong(answer, "expires_in"));
            return new Exchanged(own, checked.key(), end.isBefore(checked.end()) ? end : checked.end());
        } catch (ParseException e) {
            throw new IllegalStateException("identity-service answered an exchange otherwise than RFC 8693 says", e);
        }
    }

    private Map<String, Object> answer(ServiceRequestContext ctx, String token) {
        try {
            return requests.send(
                    Map.of(
                            "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                            "subject_token", token,
                            "subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                    Map.of(
                            Headers.CLIENT_ADDRESS, RequestLabels.address(ctx).getHostAddress(),
                            Headers.CLIENT_AGENT, agent(ctx),
                            Headers.REQUEST_ID, RequestLabels.id(ctx)));
        } catch (StatusRuntimeException e) {
            LOG.warn("a token of a further issuer is not exchanged: {}", e.getStatus());
            throw EdgeFailures.upstreamDown().exception();
        }
    }

    private static String agent(ServiceRequestContext ctx) {
        String agent = ctx.request().headers().get(HttpHeaderNames.USER_AGENT, "");
        return agent.substring(0, Math.min(agent.length(), AGENT_LENGTH_MAX));
    }

    private static RuntimeException refused(Map<String, Object> answer) {
        return switch (String.valueOf(answer.get("error"))) {
            case "invalid_request", "invalid_grant" ->
                Failure.of(
                                Status.Code.UNAUTHENTICATED,
                                "TOKEN_INVALID",
                                String.valueOf(answer.get("error_description")))
                        .exception();
            case "temporarily_unavailable" -> EdgeFailures.upstreamDown().exception();
            default ->
                new IllegalStateException("identity-service exchanges no tokens for the edge: " + answer.get("error"));
        };
    }

    private static String digest(String token) {
        try {
            return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
