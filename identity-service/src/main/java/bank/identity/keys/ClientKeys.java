package bank.identity.keys;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.FieldInvalid;
import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.math.BigInteger;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Public keys of OAuth clients: RSA of 2048 to 4096 bits, or EC on P-256.
public final class ClientKeys {
    /// What clients sign their assertions with.
    public static final Set<JWSAlgorithm> SIGNING = Set.of(JWSAlgorithm.PS256, JWSAlgorithm.RS256, JWSAlgorithm.ES256);

    private static final Set<JWSAlgorithm> RSA = Set.of(JWSAlgorithm.PS256, JWSAlgorithm.RS256);
    private static final Set<JWSAlgorithm> EC = Set.of(JWSAlgorithm.ES256);
    private static final int KEYS_MAX = 10;
    private static final int KID_LENGTH_MAX = 128;
    private static final int RSA_BITS_MIN = 2_048;
    private static final int RSA_BITS_MAX = 4_096;
    private static final BigInteger EXPONENT_MIN = BigInteger.valueOf(65_537);
    // A large one would make each check slow.
    private static final int EXPONENT_BITS_MAX = 32;

    private ClientKeys() {}

    /// A JWK set with nothing in it but what checking signatures needs.
    ///
    /// @throws IdentityException FieldInvalid when a key may not be used, or is no public one
    public static String normal(String jwks) {
        try {
            var keys = JWKSet.parse(jwks).getKeys();
            if (keys.isEmpty() || keys.size() > KEYS_MAX) {
                throw invalid("must hold 1 to " + KEYS_MAX + " RSA or EC keys");
            }
            var normal = new ArrayList<JWK>();
            var kids = new HashSet<String>();
            for (var key : keys) {
                normal.add(normal(key));
                if (!kids.add(key.getKeyID())) {
                    throw invalid("has two keys of one kid");
                }
            }
            return new JWKSet(normal).toString();
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            // What the parser says may hold a piece of a private key.
            throw invalid("must be a JWK set (RFC 7517)");
        }
    }

    private static JWK normal(JWK key) {
        if (key.isPrivate()) {
            throw invalid(
                    "has a private or secret key in it: send public ones alone, and take a new key instead of it");
        }
        var kid = key.getKeyID();
        if (kid == null || kid.isBlank() || kid.length() > KID_LENGTH_MAX) {
            throw invalid("must give each key a kid of up to " + KID_LENGTH_MAX + " characters");
        }
        if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
            throw invalid("must hold keys for signatures (use: sig)");
        }
        return switch (key) {
            case RSAKey rsa -> rsa(rsa);
            case ECKey ec -> ec(ec);
            default -> throw invalid("must hold RSA or EC keys");
        };
    }

    private static JWK rsa(RSAKey key) {
        var modulus = key.getModulus().decodeToBigInteger();
        var exponent = key.getPublicExponent().decodeToBigInteger();
        if (modulus.bitLength() < RSA_BITS_MIN || modulus.bitLength() > RSA_BITS_MAX) {
            throw invalid("must hold RSA keys of " + RSA_BITS_MIN + " to " + RSA_BITS_MAX + " bits");
        }
        if (!modulus.testBit(0)
                || !exponent.testBit(0)
                || exponent.compareTo(EXPONENT_MIN) < 0
                || exponent.bitLength() > EXPONENT_BITS_MAX) {
            throw invalid("must hold RSA keys with an exponent of 65537, or an odd one up to 32 bits above it");
        }
        return new RSAKey.Builder(key.getModulus(), key.getPublicExponent())
                .keyID(key.getKeyID())
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(algorithm(key.getAlgorithm(), RSA))
                .build();
    }

    private static JWK ec(ECKey key) {
        if (!Curve.P_256.equals(key.getCurve())) {
            throw invalid("must hold EC keys on P-256");
        }
        return new ECKey.Builder(Curve.P_256, key.getX(), key.getY())
                .keyID(key.getKeyID())
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(algorithm(key.getAlgorithm(), EC))
                .build();
    }

    private static @Nullable Algorithm algorithm(@Nullable Algorithm named, Set<JWSAlgorithm> possible) {
        if (named != null
                && possible.stream().noneMatch(known -> known.getName().equals(named.getName()))) {
            throw invalid("must hold keys for PS256, RS256 or ES256");
        }
        return named;
    }

    private static IdentityException invalid(String description) {
        return new IdentityException(new FieldInvalid("jwks", description));
    }
}
