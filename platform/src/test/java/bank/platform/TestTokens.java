package bank.platform;

import bank.platform.auth.TokenVerifier;
import bank.platform.config.ServiceConfig.TokenConfig;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.util.Date;
import java.util.List;

/// Access tokens as identity-service signs them, and as it never would.
public final class TestTokens {
    public static final String ISSUER = "https://bank.test";
    public static final RSAKey KEY = newKey("key-1");

    private final Clock clock;

    public TestTokens(Clock clock) {
        this.clock = clock;
    }

    public static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static TokenConfig config() {
        return new TokenConfig() {
            @Override
            public String issuer() {
                return ISSUER;
            }

            @Override
            public String audience() {
                return "bank";
            }
        };
    }

    public TokenVerifier verifier() {
        return new TokenVerifier(config(), new ImmutableJWKSet<>(new JWKSet(KEY.toPublicJWK())), clock);
    }

    /// Claims of a token that holds for ten minutes, without role and scope.
    public JWTClaimsSet.Builder claims(String subject) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("bank")
                .subject(subject)
                .claim("client_id", "bank-cli")
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(600)));
    }

    public JWTClaimsSet.Builder user(long id, String role) {
        return claims(Long.toString(id)).claim("roles", List.of(role)).claim("sid", "s-1");
    }

    public JWTClaimsSet.Builder machine(String name, String scope) {
        return claims(name).claim("scope", scope);
    }

    public static String sign(JWTClaimsSet.Builder claims) {
        return sign(claims, JWSAlgorithm.PS256, "at+jwt", KEY);
    }

    public static String sign(JWTClaimsSet.Builder claims, JWSAlgorithm algorithm, String type, RSAKey key) {
        try {
            var header = new JWSHeader.Builder(algorithm)
                    .type(new JOSEObjectType(type))
                    .keyID(key.getKeyID())
                    .build();
            var token = new SignedJWT(header, claims.build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
