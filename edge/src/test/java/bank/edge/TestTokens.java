package bank.edge;

import bank.testing.ProofKey;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/// Signs access tokens as identity-service does, and some as it never would.
final class TestTokens {
    static final String ISSUER = "http://127.0.0.1:8080";

    private final RSAKey key = newKey("key-1");
    private final RSAKey foreign = newKey("key-1");

    private static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048)
                    .keyID(id)
                    .algorithm(JWSAlgorithm.PS256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The key that good tokens are signed with.
    RSAKey key() {
        return key;
    }

    String keySet() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    String client() {
        return signed(key, claims(ISSUER, Instant.now().plusSeconds(600)));
    }

    /// A client's token that is bound to a key.
    String bound(ProofKey to) {
        return signed(
                key,
                new JWTClaimsSet.Builder(claims(ISSUER, Instant.now().plusSeconds(600)))
                        .claim("cnf", Map.of("jkt", to.thumbprint()))
                        .build());
    }

    String machine(String scope) {
        return signed(
                key,
                new JWTClaimsSet.Builder(claims(ISSUER, Instant.now().plusSeconds(600)))
                        .subject("library-client")
                        .claim("roles", null)
                        .claim("sid", null)
                        .claim("scope", scope)
                        .build());
    }

    String employee() {
        return staff("employee");
    }

    String admin() {
        return staff("admin");
    }

    private String staff(String role) {
        var claims = new JWTClaimsSet.Builder(claims(ISSUER, Instant.now().plusSeconds(600)))
                .subject("18")
                .claim("roles", List.of(role))
                .build();
        return signed(key, claims);
    }

    String expired() {
        return signed(key, claims(ISSUER, Instant.now().minusSeconds(60)));
    }

    String ofAnotherIssuer() {
        return signed(key, claims("https://elsewhere.test", Instant.now().plusSeconds(600)));
    }

    String forged() {
        return signed(foreign, claims(ISSUER, Instant.now().plusSeconds(600)));
    }

    String unsigned() {
        return new PlainJWT(claims(ISSUER, Instant.now().plusSeconds(600))).serialize();
    }

    /// Signed by HMAC with the public key as the secret.
    String macOfPublicKey() {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(key.getKeyID())
                            .type(new JOSEObjectType("at+jwt"))
                            .build(),
                    claims(ISSUER, Instant.now().plusSeconds(600)));
            token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWTClaimsSet claims(String issuer, Instant end) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience("bank")
                .subject("17")
                .claim("client_id", "bank-cli")
                .claim("roles", List.of("client"))
                .claim("sid", "session-1")
                .issueTime(Date.from(end.minusSeconds(600)))
                .expirationTime(Date.from(end))
                .build();
    }

    private static String signed(RSAKey key, JWTClaimsSet claims) {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.PS256)
                            .keyID(key.getKeyID())
                            .type(new JOSEObjectType("at+jwt"))
                            .build(),
                    claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
