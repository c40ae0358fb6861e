package bank.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A key of a client, which proves by it that access tokens are his (RFC 9449).
public final class ProofKey {
    private final ECKey key;

    public ProofKey() {
        try {
            key = new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The key, with its private part.
    public ECKey key() {
        return key;
    }

    /// What tokens bound to it name it by (`cnf.jkt`).
    public String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A proof for one request, now.
    ///
    /// @param method HTTP method
    /// @param url its URL without the query
    /// @param token access token it goes along with; null in a request for tokens
    public String proof(String method, String url, @Nullable String token) {
        return proof(method, url, token, Instant.now());
    }

    /// A proof made at a time.
    public String proof(String method, String url, @Nullable String token, Instant at) {
        return signed(claims(method, url, token, at));
    }

    /// Claims of a proof, to be signed or spoiled.
    public JWTClaimsSet.Builder claims(String method, String url, @Nullable String token, Instant at) {
        return new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .claim("htm", method)
                .claim("htu", url)
                .issueTime(Date.from(at))
                .claim("ath", token == null ? null : hash(token));
    }

    /// Claims signed as a proof.
    public String signed(JWTClaimsSet.Builder claims) {
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(key.toPublicJWK())
                .build();
        var proof = new SignedJWT(header, claims.build());
        try {
            proof.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return proof.serialize();
    }

    private static String hash(String token) {
        try {
            return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
