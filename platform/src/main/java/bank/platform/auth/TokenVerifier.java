package bank.platform.auth;

import bank.platform.config.ServiceConfig.TokenConfig;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.hash.Hashing;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Checks access tokens: signed JWTs of known issuers, by the rules of the issuer they name. Verified tokens are
/// remembered by digest, at most 10,000, for at most 20 seconds, after which a key that was withdrawn no longer counts
/// for them either.
public final class TokenVerifier {
    private static final int REMEMBERED_MAX = 10_000;
    private static final Duration REMEMBERED_TIME_MAX = Duration.ofSeconds(20);

    /// Who bears a token.
    ///
    /// @param left how long the token counts still
    public record Bearer(Principal principal, Duration left) {}

    /// A token that counts only for whoever proves to hold a key (RFC 9449).
    ///
    /// @param key thumbprint of the key
    /// @param left how long the token counts still
    public record Bound(Principal principal, String key, Duration left) {}

    /// @param key thumbprint of the key the token is bound to; null for a bearer token
    /// @param end when the token counts no more
    /// @param again when it is to be checked anew: its own end, or earlier
    private record Verified(Principal principal, @Nullable String key, Instant end, Instant again) {}

    /// SHA-256 of a token, as four numbers.
    private record Digest(long a, long b, long c, long d) {
        static Digest of(String token) {
            // Spares the search for the algorithm, which takes as long as the digest itself.
            var sha = ByteBuffer.wrap(
                    Hashing.sha256().hashString(token, StandardCharsets.UTF_8).asBytes());
            return new Digest(sha.getLong(), sha.getLong(), sha.getLong(), sha.getLong());
        }
    }

    private final TokenChecks issued;
    private final Cache<Digest, Verified> verified;
    private final Clock clock;
    private final DpopProofs proofs;

    /// Knows identity-service alone.
    ///
    /// @param keys public keys of identity-service
    public TokenVerifier(TokenConfig config, JWKSource<SecurityContext> keys, Clock clock) {
        this(List.of(Issuer.identity(config, keys)), clock);
    }

    /// @throws IllegalArgumentException when two issuers have the same URL
    public TokenVerifier(List<Issuer> issuers, Clock clock) {
        this(issuers, clock, REMEMBERED_MAX);
    }

    TokenVerifier(List<Issuer> issuers, Clock clock, long rememberedMax) {
        this.issued = new TokenChecks(issuers, clock);
        this.clock = clock;
        this.proofs = new DpopProofs(clock);
        this.verified = Caffeine.newBuilder()
                .maximumSize(rememberedMax)
                .expireAfterWrite(REMEMBERED_TIME_MAX)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /// Who bears the token. One that is bound to a key is refused: whoever has it may have stolen it.
    ///
    /// @throws FailureException UNAUTHENTICATED with reason TOKEN_INVALID, its cause a word of [TokenFault], or
    ///     TOKEN_EXPIRED, UNAVAILABLE with reason KEYS_UNAVAILABLE when the keys cannot be had
    public Principal verify(String token) {
        return bearer(token).principal();
    }

    /// The same, for a call that may outlast the token.
    ///
    /// @throws FailureException as [#verify(String)]
    public Bearer bearer(String token) {
        var passed = verified(token);
        if (passed.key() != null) {
            throw otherScheme(true).exception();
        }
        return new Bearer(passed.principal(), left(passed));
    }

    /// Who bears the token, when that is remembered; null when only [#verify(String)] can tell. Never blocks.
    public @Nullable Principal known(String token) {
        var known = token.length() > TokenChecks.LENGTH_MAX ? null : known(Digest.of(token));
        return known == null || known.key() != null ? null : known.principal();
    }

    /// Whom a token that is bound to a key speaks of, and which key that is.
    ///
    /// @throws FailureException as [#verify(String)], and TOKEN_INVALID when it is bound to none
    public Bound bound(String token) {
        var passed = verified(token);
        if (passed.key() == null) {
            throw otherScheme(false).exception();
        }
        return new Bound(passed.principal(), passed.key(), left(passed));
    }

    private Duration left(Verified passed) {
        return Duration.between(clock.instant(), passed.end());
    }

    /// What a call is told whose token came under the wrong scheme.
    ///
    /// @param bound the token is bound to a key
    public static Failure otherScheme(boolean bound) {
        var refusal = bound
                ? TokenFault.BOUND.failure("the access token is bound to a key: send it as DPoP, with a proof")
                : TokenFault.NOT_BOUND.failure("the access token is bound to no key: send it as a bearer token");
        return refusal.with("scheme", DpopProofs.SCHEME);
    }

    /// The check of proofs, by the same clock.
    public DpopProofs proofs() {
        return proofs;
    }

    private Verified verified(String token) {
        if (token.length() > TokenChecks.LENGTH_MAX) {
            throw TokenFault.TOO_LONG.failure().exception();
        }
        var digest = Digest.of(token);
        var known = known(digest);
        if (known != null) {
            return known;
        }
        var fresh = check(token);
        verified.put(digest, fresh);
        return fresh;
    }

    private @Nullable Verified known(Digest digest) {
        var known = verified.getIfPresent(digest);
        return known != null && clock.instant().isBefore(known.again()) ? known : null;
    }

    /// How many tokens are remembered.
    long remembered() {
        verified.cleanUp();
        return verified.estimatedSize();
    }

    private Verified check(String token) {
        var checked = issued.check(token);
        var end = checked.end().plus(TokenChecks.CLOCK_SKEW);
        var again = clock.instant().plus(REMEMBERED_TIME_MAX);
        return new Verified(checked.bearer(), checked.key(), end, end.isBefore(again) ? end : again);
    }
}
