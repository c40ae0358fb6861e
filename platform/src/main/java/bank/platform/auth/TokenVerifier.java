package bank.platform.auth;

import bank.platform.config.ServiceConfig.TokenConfig;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.v1.Role;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks access tokens: JWTs of RFC 9068, signed PS256 by a key of the set, with the right issuer,
/// audience and time. Verified tokens are remembered by digest, at most 10,000, for at most a minute, after which
/// a key that was withdrawn no longer counts for them either.
public final class TokenVerifier {
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);
    private static final int REMEMBERED_MAX = 10_000;
    private static final Duration REMEMBERED_TIME_MAX = Duration.ofMinutes(1);
    private static final int TOKEN_LENGTH_MAX = 8_192;

    /// @param end when the token is to be checked anew: its own end, or earlier
    private record Verified(Principal principal, Instant end) {}

    /// SHA-256 of a token, as four numbers.
    private record Digest(long a, long b, long c, long d) {
        static Digest of(String token) {
            try {
                var sha = ByteBuffer.wrap(
                        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
                return new Digest(sha.getLong(), sha.getLong(), sha.getLong(), sha.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Cache<Digest, Verified> verified =
            Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).build();
    private final Clock clock;

    /// @param keys public keys of the issuer
    public TokenVerifier(TokenConfig config, JWKSource<SecurityContext> keys, Clock clock) {
        this.clock = clock;
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.PS256, keys));
        var claims =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        config.audience(),
                        new JWTClaimsSet.Builder().issuer(config.issuer()).build(),
                        Set.of("sub", "exp", "iat", "client_id")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        claims.setMaxClockSkew((int) CLOCK_SKEW.toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    /// Who bears the token.
    ///
    /// @throws FailureException UNAUTHENTICATED with reason TOKEN_INVALID or TOKEN_EXPIRED,
    ///     UNAVAILABLE with reason KEYS_UNAVAILABLE when the keys cannot be had
    public Principal verify(String token) {
        if (token.length() > TOKEN_LENGTH_MAX) {
            throw invalid();
        }
        var digest = Digest.of(token);
        var known = known(digest);
        if (known != null) {
            return known;
        }
        var fresh = check(token);
        verified.put(digest, fresh);
        return fresh.principal();
    }

    /// Who bears the token, when that is remembered; null when only [#verify(String)] can tell. Never blocks.
    public @Nullable Principal known(String token) {
        return token.length() > TOKEN_LENGTH_MAX ? null : known(Digest.of(token));
    }

    private @Nullable Principal known(Digest digest) {
        var known = verified.getIfPresent(digest);
        return known != null && clock.instant().isBefore(known.end()) ? known.principal() : null;
    }

    private Verified check(String token) {
        try {
            var claims = processor.process(token, null);
            var end = claims.getExpirationTime().toInstant().plus(CLOCK_SKEW);
            var again = clock.instant().plus(REMEMBERED_TIME_MAX);
            return new Verified(principal(claims), end.isBefore(again) ? end : again);
        } catch (ExpiredJWTException e) {
            throw Failure.of(Status.Code.UNAUTHENTICATED, "TOKEN_EXPIRED", "the access token has expired: refresh it")
                    .exception();
        } catch (KeySourceException e) {
            throw Failure.of(
                            Status.Code.UNAVAILABLE,
                            "KEYS_UNAVAILABLE",
                            "the keys to check access tokens with cannot be had now")
                    .retryAfter(Duration.ofSeconds(1))
                    .exception();
        } catch (BadJOSEException | JOSEException | ParseException | IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static Principal principal(JWTClaimsSet claims) throws ParseException {
        var roles = claims.getStringListClaim("roles");
        if (roles != null && roles.size() == 1) {
            return new Principal.User(
                    Long.parseLong(claims.getSubject()),
                    Role.valueOf("ROLE_" + roles.getFirst().toUpperCase(Locale.ROOT)),
                    claims.getStringClaim("sid") == null ? "" : claims.getStringClaim("sid"));
        }
        var scope = claims.getStringClaim("scope");
        if (roles == null && scope != null) {
            return new Principal.Machine(claims.getSubject(), scope.isEmpty() ? Set.of() : Set.of(scope.split(" ")));
        }
        throw new ParseException("neither one role nor a scope", 0);
    }

    private static FailureException invalid() {
        return Failure.of(Status.Code.UNAUTHENTICATED, "TOKEN_INVALID", "the access token is not valid")
                .exception();
    }
}
