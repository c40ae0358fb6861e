package bank.platform.auth;

import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.grpc.Status;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks signed JWTs of known issuers, by the rules of the issuer they name.
public final class TokenChecks {
    static final Duration CLOCK_SKEW = Duration.ofSeconds(5);
    static final int LENGTH_MAX = 8_192;

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++");

    private final Map<String, IssuerCheck> issuers = new HashMap<>();

    /// @throws IllegalArgumentException when two issuers have the same URL
    public TokenChecks(List<Issuer> issuers, Clock clock) {
        for (var issuer : issuers) {
            if (this.issuers.put(issuer.url(), new IssuerCheck(issuer, clock, CLOCK_SKEW)) != null) {
                throw new IllegalArgumentException("two issuers are " + issuer.url());
            }
        }
    }

    /// A token that passed.
    ///
    /// @param bearer whom it speaks of
    /// @param key thumbprint of the key it is bound to (RFC 9449); null for a bearer token
    /// @param end its own end, without the skew of clocks
    public record Checked(
            Issuer issuer,
            JWTClaimsSet claims,
            Principal bearer,
            @Nullable String key,
            Instant end) {
        @Override
        public String toString() {
            return "Checked[" + issuer.url() + "]";
        }
    }

    /// The token names one of the issuers. Nothing else of it is looked at.
    public boolean isNamedIn(String token) {
        try {
            return token.length() <= LENGTH_MAX
                    && issuers.containsKey(
                            SignedJWT.parse(token).getJWTClaimsSet().getIssuer());
        } catch (ParseException e) {
            return false;
        }
    }

    /// The token, once it has passed.
    ///
    /// @throws FailureException UNAUTHENTICATED with reason TOKEN_INVALID, its cause a word of [TokenFault], or
    ///     TOKEN_EXPIRED; UNAVAILABLE with reason KEYS_UNAVAILABLE when the keys cannot be had
    public Checked check(String token) {
        if (token.length() > LENGTH_MAX) {
            throw TokenFault.TOO_LONG.failure().exception();
        }
        try {
            var parsed = SignedJWT.parse(token);
            var issuer = issuers.get(parsed.getJWTClaimsSet().getIssuer());
            if (!isPlain(token, parsed)) {
                throw TokenFault.MALFORMED.failure().exception();
            }
            if (issuer == null) {
                throw TokenFault.ISSUER.failure().exception();
            }
            var claims = issuer.claims(parsed);
            return new Checked(
                    issuer.issuer(),
                    claims,
                    bearer(issuer.issuer(), claims),
                    key(claims),
                    claims.getExpirationTime().toInstant());
        } catch (ExpiredJWTException e) {
            throw expired().exception();
        } catch (KeySourceException e) {
            throw Failure.of(
                            Status.Code.UNAVAILABLE,
                            "KEYS_UNAVAILABLE",
                            "the keys to check access tokens with cannot be had now")
                    .retryAfter(Duration.ofSeconds(1))
                    .exception();
        } catch (RefusedTokenException e) {
            throw e.fault().failure().exception();
        } catch (BadJOSEException | JOSEException | ParseException | IllegalArgumentException e) {
            throw TokenFault.MALFORMED.failure().exception();
        }
    }

    /// What a caller is told whose token has come to its end.
    public static Failure expired() {
        return Failure.of(Status.Code.UNAUTHENTICATED, "TOKEN_EXPIRED", "the access token has expired: refresh it");
    }

    private static Principal bearer(Issuer issuer, JWTClaimsSet claims) throws RefusedTokenException {
        try {
            return issuer.bearers().of(claims);
        } catch (ParseException | IllegalArgumentException e) {
            throw new RefusedTokenException(TokenFault.BEARER);
        }
    }

    /// A token bound in a way that is not known here counts for nobody.
    private static @Nullable String key(JWTClaimsSet claims) throws RefusedTokenException {
        var bound = claims.getClaim("cnf");
        if (bound == null) {
            return null;
        }
        if (bound instanceof Map<?, ?> by && by.size() == 1 && by.get("jkt") instanceof String key && !key.isEmpty()) {
            return key;
        }
        throw new RefusedTokenException(TokenFault.CONFIRMATION);
    }

    /// The token is written in the one way there is for it. The parser skips what is no base64url, so that without this
    /// one good token could be written in any number of ways, each taking a place among those remembered.
    private static boolean isPlain(String token, SignedJWT parsed) {
        var signature = parsed.getSignature();
        return TOKEN.matcher(token).matches()
                && Base64URL.encode(signature.decode()).equals(signature);
    }
}
