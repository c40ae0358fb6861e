package bank.platform.auth;

import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks proofs that a caller holds a key (DPoP, RFC 9449). A proof is good for one request: its method and address,
/// within a minute, once.
public final class DpopProofs {
    /// Scheme of the header `Authorization` for tokens that are bound to a key.
    public static final String SCHEME = "DPoP";

    /// What proofs may be signed with.
    public static final List<String> ALGORITHMS = List.of("ES256", "PS256");

    /// Reason of the failure that refuses a proof.
    public static final String INVALID = "PROOF_INVALID";

    private static final JOSEObjectType TYPE = new JOSEObjectType("dpop+jwt");
    private static final Duration AGE_MAX = Duration.ofMinutes(1);
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);
    private static final int LENGTH_MAX = 8_192;
    private static final int ID_LENGTH_MAX = 256;
    private static final int REMEMBERED_MAX = 250_000;
    private static final String USED = "it was used before";
    private static final int RSA_BITS_MIN = 2_048;
    private static final int RSA_BITS_MAX = 4_096;
    private static final int EXPONENT_BITS_MAX = 32;

    private final Clock clock;
    private final SpentProofs spent;

    public DpopProofs(Clock clock) {
        this(clock, REMEMBERED_MAX);
    }

    DpopProofs(Clock clock, int rememberedMax) {
        this.clock = clock;
        this.spent = new SpentProofs(clock, rememberedMax);
    }

    /// A proof found good.
    ///
    /// @param key thumbprint (RFC 7638) of the key that is proved
    /// @param id its `jti`
    /// @param end when it passes no more
    public record Proof(String key, String id, Instant end) {}

    /// Checks the proof in a request for tokens, and spends it.
    ///
    /// @param method HTTP method of the request
    /// @param address URL of the request as its client addressed it
    /// @throws FailureException UNAUTHENTICATED with reason PROOF_INVALID; UNAVAILABLE with reason OVERLOADED
    public Proof check(String proof, String method, String address) {
        var good = good(proof, method, address, null, null);
        spend(good);
        return good;
    }

    /// Takes back that a proof was spent, by a request that was refused: whoever gets nothing takes no room
    /// from others.
    public void giveBack(Proof good) {
        spent.remove(good.key(), good.id());
    }

    /// Checks the proof that comes with an access token, and spends it.
    ///
    /// @param method HTTP method of the request
    /// @param address URL of the request as its client addressed it
    /// @param key thumbprint of the key the token is bound to
    /// @throws FailureException UNAUTHENTICATED with reason PROOF_INVALID; UNAVAILABLE with reason OVERLOADED
    public void check(String proof, String method, String address, String token, String key) {
        spend(good(proof, method, address, token, key));
    }

    private void spend(Proof good) {
        require(spent.add(good.key(), good.id(), good.end()), USED);
    }

    private Proof good(
            String proof, String method, String address, @Nullable String token, @Nullable String expectedKey) {
        if (proof.length() > LENGTH_MAX) {
            throw invalid("it is too long");
        }
        try {
            var parsed = SignedJWT.parse(proof);
            var verifier = verifier(parsed.getHeader());
            var claims = parsed.getJWTClaimsSet();
            requireRequest(claims, method, address);
            var issued = requireTime(claims);
            var id = claims.getJWTID();
            require(id != null && !id.isEmpty() && id.length() <= ID_LENGTH_MAX, "jti must be of 1 to 256 letters");
            if (token != null) {
                requireToken(claims, token);
            }
            var key = parsed.getHeader().getJWK().computeThumbprint().toString();
            require(expectedKey == null || equal(expectedKey, key), "the token is bound to another key");
            require(parsed.verify(verifier), "its signature is wrong");
            return new Proof(key, id, issued.toInstant().plus(AGE_MAX).plus(CLOCK_SKEW));
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw invalid("it is not well formed");
        }
    }

    private static JWSVerifier verifier(JWSHeader header) throws JOSEException {
        require(TYPE.equals(header.getType()), "typ must be dpop+jwt");
        require(ALGORITHMS.contains(header.getAlgorithm().getName()), "alg must be one of " + ALGORITHMS);
        var jwk = header.getJWK();
        require(jwk != null && !jwk.isPrivate(), "jwk must be a public key");
        return verifier(header.getAlgorithm(), jwk);
    }

    private static JWSVerifier verifier(JWSAlgorithm algorithm, JWK jwk) throws JOSEException {
        if (algorithm.equals(JWSAlgorithm.ES256)
                && jwk instanceof ECKey ec
                && ec.getCurve().equals(Curve.P_256)) {
            return new ECDSAVerifier(ec);
        }
        if (algorithm.equals(JWSAlgorithm.PS256) && jwk instanceof RSAKey rsa && isSound(rsa)) {
            return new RSASSAVerifier(rsa);
        }
        throw invalid("jwk does not fit alg");
    }

    /// Whoever sends the key pays nothing for the time it takes to use it.
    private static boolean isSound(RSAKey key) {
        return key.size() >= RSA_BITS_MIN
                && key.size() <= RSA_BITS_MAX
                && key.getPublicExponent().decodeToBigInteger().bitLength() <= EXPONENT_BITS_MAX;
    }

    private static void requireRequest(JWTClaimsSet claims, String method, String address) throws ParseException {
        require(method.equals(claims.getStringClaim("htm")), "htm is not the method of this request");
        var meant = ProvedAddress.parse(claims.getStringClaim("htu"));
        require(meant != null && meant.equals(ProvedAddress.parse(address)), "htu is not the address of this request");
    }

    private Date requireTime(JWTClaimsSet claims) {
        var issued = claims.getIssueTime();
        var now = clock.instant();
        require(
                issued != null
                        && !issued.toInstant().isAfter(now.plus(CLOCK_SKEW))
                        && !issued.toInstant().isBefore(now.minus(AGE_MAX).minus(CLOCK_SKEW)),
                "iat is not within a minute of now");
        return issued;
    }

    private static void requireToken(JWTClaimsSet claims, String token) throws ParseException {
        var hash = claims.getStringClaim("ath");
        require(hash != null && equal(hash, hash(token)), "ath is not the hash of the access token");
    }

    private static String hash(String token) {
        try {
            return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static boolean equal(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw invalid(otherwise);
        }
    }

    private static FailureException invalid(String why) {
        return refused("the proof (DPoP) is not valid: " + why).exception();
    }

    /// What a call is told whose token needs a proof, and that brings none, or several.
    public static Failure missing() {
        return refused("send one proof (DPoP) with a token that is bound to a key");
    }

    /// What a call is told whose proof does not do.
    public static Failure refused(String message) {
        return Failure.of(Status.Code.UNAUTHENTICATED, "PROOF_INVALID", message)
                .with("scheme", SCHEME)
                .because("proof");
    }
}
