package bank.platform.auth;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.TestTokens;
import bank.testing.TestClock;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForeignIssuerTest {
    private static final String URL = "https://partners.test";
    private static final ECKey KEY = key();

    private final TestClock clock = new TestClock();
    private final TestTokens tokens = new TestTokens(clock);
    private final TokenVerifier verifier = verifier(clock);

    private static ECKey key() {
        try {
            // The same kid as that of our own key.
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(TestTokens.KEY.getKeyID())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ImmutableJWKSet<SecurityContext> keys(JWK... keys) {
        return new ImmutableJWKSet<>(new JWKSet(List.of(keys)).toPublicJWKSet());
    }

    private static TokenVerifier verifier(Clock clock) {
        return new TokenVerifier(
                List.of(
                        Issuer.identity(TestTokens.config(), keys(TestTokens.KEY)),
                        Issuer.foreign(
                                "partners",
                                URL,
                                "payments",
                                Set.of(JWSAlgorithm.ES256),
                                Set.of("at+jwt", "JWT"),
                                Set.of("payments:read"),
                                keys(KEY))),
                clock);
    }

    private JWTClaimsSet.Builder claims() {
        return tokens.claims("shop").issuer(URL).audience("payments").claim("client_id", null);
    }

    private static String sign(JWTClaimsSet.Builder claims) throws Exception {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("JWT"))
                        .keyID(KEY.getKeyID())
                        .build(),
                claims.build());
        token.sign(new ECDSASigner(KEY));
        return token.serialize();
    }

    @Test
    void makesMachinesUnderItsNameWithTheScopesThatCount() throws Exception {
        assertThat(verifier.verify(sign(claims().claim("scope", "payments:read documents:process"))))
                .isEqualTo(new Principal.Machine("partners/shop", Set.of("payments:read")));
        assertThat(verifier.verify(sign(claims()))).isEqualTo(new Principal.Machine("partners/shop", Set.of()));
    }

    @Test
    void makesNoUsersWhateverRolesItNames() throws Exception {
        assertThat(verifier.verify(sign(claims().subject("1").claim("roles", List.of("admin")))))
                .isEqualTo(new Principal.Machine("partners/1", Set.of()));
    }

    @Test
    void signsForNobodyElse() throws Exception {
        assertInvalid(sign(claims().issuer(TestTokens.ISSUER)));
        assertInvalid(sign(tokens.user(1, "admin")));
        assertInvalid(TestTokens.sign(claims().claim("scope", "payments:read")));
        assertInvalid(sign(claims().issuer("https://elsewhere.test")));
        assertInvalid(sign(claims().issuer(null)));
    }

    @Test
    void isHeldToItsOwnAudienceAlgorithmsAndClaims() throws Exception {
        assertInvalid(sign(claims().audience("bank")));
        assertInvalid(sign(claims().subject(null)));
        assertInvalid(sign(claims().expirationTime(null)));
        assertInvalid(sign(claims().claim("scope", List.of("payments:read"))));
        assertInvalid(TestTokens.sign(claims(), JWSAlgorithm.PS256, "JWT", TestTokens.KEY));
    }

    @Test
    void neverSignsWithASharedSecretOrNotAtAll() {
        for (var algorithm : List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS512, new JWSAlgorithm("none"))) {
            assertThatThrownBy(() -> Issuer.foreign(
                            "partners", URL, "bank", Set.of(algorithm), Set.of("JWT"), Set.of(), keys(KEY)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void hasAUrlOfItsOwn() {
        var own = Issuer.identity(TestTokens.config(), keys(TestTokens.KEY));

        assertThatThrownBy(() -> new TokenVerifier(List.of(own, own), clock))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(TestTokens.ISSUER);
    }

    private void assertInvalid(String token) {
        assertFails(Code.UNAUTHENTICATED, "TOKEN_INVALID", () -> verifier.verify(token));
    }
}
