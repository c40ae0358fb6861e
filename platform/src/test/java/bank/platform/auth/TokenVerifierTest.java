package bank.platform.auth;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestTokens;
import bank.platform.failure.Failure;
import bank.testing.TestClock;
import bank.v1.Role;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final TestClock clock = new TestClock();
    private static final TestTokens tokens = new TestTokens(clock);

    private final TokenVerifier verifier = tokens.verifier();

    @Test
    void knowsUser() {
        var principal = verifier.verify(TestTokens.sign(tokens.user(17, "employee")));

        assertThat(principal).isEqualTo(new Principal.User(17, Role.ROLE_EMPLOYEE, "s-1"));
        assertThat(principal.name()).isEqualTo("user:17");
    }

    @Test
    void knowsMachineByItsScopes() {
        var principal = verifier.verify(TestTokens.sign(tokens.machine("abs", "documents:read documents:process")));

        assertThat(principal).isEqualTo(new Principal.Machine("abs", Set.of("documents:read", "documents:process")));
        assertThat(verifier.verify(TestTokens.sign(tokens.machine("abs", ""))))
                .isEqualTo(new Principal.Machine("abs", Set.of()));
    }

    static Stream<JWTClaimsSet.Builder> foreign() {
        return Stream.of(
                tokens.user(17, "client").issuer("https://another.test"),
                tokens.user(17, "client").issuer(null),
                tokens.user(17, "client").audience("another"),
                tokens.user(17, "client").audience((String) null),
                tokens.user(17, "client").subject(null),
                tokens.user(17, "client").subject("seventeen"),
                tokens.user(17, "client").expirationTime(null),
                tokens.user(17, "client").issueTime(null),
                tokens.user(17, "client").claim("client_id", null),
                tokens.user(17, "client")
                        .notBeforeTime(Date.from(clock.instant().plusSeconds(60))),
                tokens.user(17, "client").issueTime(Date.from(clock.instant().plusSeconds(6))),
                tokens.user(17, "unspecified_role"),
                tokens.user(17, "client").claim("roles", List.of("client", "admin")),
                tokens.user(17, "client").claim("roles", List.of()),
                tokens.user(17, "client").claim("roles", "admin"),
                tokens.claims("17"));
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void refusesClaimsThatAreNotOurs(JWTClaimsSet.Builder claims) {
        assertInvalid(TestTokens.sign(claims));
    }

    @Test
    void refusesOtherAlgorithmsTypesAndKeys() throws Exception {
        var claims = tokens.user(17, "admin");
        var forger = TestTokens.newKey(TestTokens.KEY.getKeyID());

        assertInvalid(TestTokens.sign(claims, JWSAlgorithm.RS256, "at+jwt", TestTokens.KEY));
        assertInvalid(TestTokens.sign(claims, JWSAlgorithm.PS512, "at+jwt", TestTokens.KEY));
        assertInvalid(TestTokens.sign(claims, JWSAlgorithm.PS256, "JWT", TestTokens.KEY));
        assertInvalid(TestTokens.sign(claims, JWSAlgorithm.PS256, "at+jwt", forger));
        assertInvalid(TestTokens.sign(claims, JWSAlgorithm.PS256, "at+jwt", TestTokens.newKey("unknown")));
        assertInvalid(new PlainJWT(claims.build()).serialize());
        var signedWithThePublicKey = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(TestTokens.KEY.getKeyID())
                        .build(),
                claims.build());
        signedWithThePublicKey.sign(
                new MACSigner(TestTokens.KEY.toRSAPublicKey().getEncoded()));
        assertInvalid(signedWithThePublicKey.serialize());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "Bearer x"})
    void refusesWhatIsNoToken(String token) {
        assertInvalid(token);
    }

    @Test
    void refusesTamperedToken() {
        var parts = TestTokens.sign(tokens.user(17, "client")).split("\\.");
        var admin = TestTokens.sign(tokens.user(17, "admin")).split("\\.");

        assertInvalid(parts[0] + "." + admin[1] + "." + parts[2]);
        assertInvalid("x".repeat(8_193));
    }

    @Test
    void tokenEndsAtItsTimePlusSkewAlsoWhenRemembered() {
        var token = TestTokens.sign(tokens.user(17, "client"));
        var fresh = tokens.verifier();
        verifier.verify(token);

        clock.advance(Duration.ofSeconds(604));
        assertThat(verifier.verify(token)).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        assertFails(Code.UNAUTHENTICATED, "TOKEN_EXPIRED", () -> verifier.verify(token));
        assertFails(Code.UNAUTHENTICATED, "TOKEN_EXPIRED", () -> fresh.verify(token));
    }

    @Test
    void tellsWhoIsRememberedWithoutChecking() {
        var token = TestTokens.sign(tokens.user(17, "client"));
        assertThat(verifier.known(token)).isNull();

        var principal = verifier.verify(token);

        assertThat(verifier.known(token)).isEqualTo(principal);
        assertThat(verifier.known(token + "A")).isNull();
        assertThat(verifier.known("x".repeat(8_193))).isNull();
    }

    @Test
    void remembersNothingOfRefusedTokens() {
        assertInvalid("a.b.c");

        assertThat(verifier.known("a.b.c")).isNull();
    }

    @Test
    void remembersNoMoreTokensThanItMay() {
        var keys = new ImmutableJWKSet<SecurityContext>(new JWKSet(TestTokens.KEY.toPublicJWK()));
        var small = new TokenVerifier(List.of(Issuer.identity(TestTokens.config(), keys)), clock, 20);

        for (var id = 1; id <= 19; id++) {
            small.verify(TestTokens.sign(tokens.user(id, "client")));
        }
        assertThat(small.remembered()).isEqualTo(19);
        for (var id = 20; id <= 50; id++) {
            small.verify(TestTokens.sign(tokens.user(id, "client")));
        }
        assertThat(small.remembered()).isEqualTo(20);
    }

    @Test
    void forgetsAfterTwentySecondsSoThatAWithdrawnKeyStopsCounting() {
        var keys = new AtomicReference<>(new JWKSet(TestTokens.KEY.toPublicJWK()));
        var rotating =
                new TokenVerifier(TestTokens.config(), (selector, context) -> selector.select(keys.get()), clock);
        var token = TestTokens.sign(tokens.user(17, "client"));
        rotating.verify(token);
        keys.set(new JWKSet(TestTokens.newKey("key-2").toPublicJWK()));

        clock.advance(Duration.ofSeconds(19));
        assertThat(rotating.known(token)).isNotNull();
        assertThat(rotating.verify(token)).isNotNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(rotating.known(token)).isNull();
        assertFails(Code.UNAUTHENTICATED, "TOKEN_INVALID", () -> rotating.verify(token));
    }

    @Test
    void clocksMayDifferByFiveSeconds() {
        var claims = tokens.user(17, "client")
                .issueTime(Date.from(clock.instant().plusSeconds(5)))
                .notBeforeTime(Date.from(clock.instant().plusSeconds(4)));

        assertThat(verifier.verify(TestTokens.sign(claims))).isNotNull();
    }

    @Test
    void refusesAnotherSpellingOfAGoodToken() {
        var token = TestTokens.sign(tokens.user(17, "client"));
        verifier.verify(token);
        // 256 bytes leave four bits of the last character unused.
        var last = token.charAt(token.length() - 1) == 'A' ? "B" : "A";

        for (var other : List.of(
                token + "=",
                token + "==",
                token + "A",
                token + ".",
                token + "\n",
                token + "$",
                "." + token,
                token.replaceFirst("\\.", "=."),
                token.replaceFirst("\\.", ".."),
                token.replaceFirst("e", " e"),
                token.substring(0, token.length() - 1) + last,
                token.substring(0, token.length() - 1))) {
            assertInvalid(other);
        }
    }

    @Test
    void refusesATokenWithoutKeyId() throws Exception {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.PS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                tokens.user(17, "client").build());
        token.sign(new RSASSASigner(TestTokens.KEY));

        assertInvalid(token.serialize());
    }

    @Test
    void tellsKeysThatCannotBeHadFromABadToken() {
        JWKSource<SecurityContext> down = (selector, context) -> {
            throw new KeySourceException("down");
        };
        var blind = new TokenVerifier(TestTokens.config(), down, clock);

        var failure = assertFails(
                Code.UNAVAILABLE, "KEYS_UNAVAILABLE", () -> blind.verify(TestTokens.sign(tokens.user(17, "client"))));
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    static Stream<Arguments> faults() throws Exception {
        var claims = tokens.user(17, "client");
        var good = TestTokens.sign(claims);
        var unnamed = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.PS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                claims.build());
        unnamed.sign(new RSASSASigner(TestTokens.KEY));
        var later = Date.from(clock.instant().plusSeconds(60));
        return Stream.of(
                Arguments.of("too_long", "x".repeat(8_193)),
                Arguments.of("malformed", "a.b.c"),
                Arguments.of("malformed", new PlainJWT(claims.build()).serialize()),
                Arguments.of("malformed", good + "="),
                Arguments.of("issuer", TestTokens.sign(tokens.user(17, "client").issuer("https://another.test"))),
                Arguments.of("kid_missing", unnamed.serialize()),
                Arguments.of(
                        "kid_unknown",
                        TestTokens.sign(claims, JWSAlgorithm.PS256, "at+jwt", TestTokens.newKey("unknown"))),
                Arguments.of("algorithm", TestTokens.sign(claims, JWSAlgorithm.RS256, "at+jwt", TestTokens.KEY)),
                Arguments.of("type", TestTokens.sign(claims, JWSAlgorithm.PS256, "JWT", TestTokens.KEY)),
                Arguments.of("signature", good.substring(0, good.lastIndexOf('.')) + ".AAAA"),
                Arguments.of(
                        "audience", TestTokens.sign(tokens.user(17, "client").audience("another"))),
                Arguments.of(
                        "claim_missing",
                        TestTokens.sign(tokens.user(17, "client").expirationTime(null))),
                Arguments.of(
                        "not_yet_valid",
                        TestTokens.sign(tokens.user(17, "client").notBeforeTime(later))),
                Arguments.of(
                        "issued_in_future",
                        TestTokens.sign(tokens.user(17, "client").issueTime(later))),
                Arguments.of("bearer", TestTokens.sign(tokens.user(17, "nobody"))),
                Arguments.of("bearer", TestTokens.sign(tokens.claims("17"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void tellsTheLogAloneWhyATokenIsRefused(String cause, String token) {
        var failure = assertFails(Code.UNAUTHENTICATED, "TOKEN_INVALID", () -> verifier.verify(token));

        assertThat(failure.cause()).isEqualTo(cause);
        assertThat(failure.message()).isEqualTo("the access token is not valid");
        assertThat(Failure.of(failure.toStatus())).hasValueSatisfying(told -> {
            assertThat(told.cause()).isNull();
            assertThat(told.metadata()).isEmpty();
        });
    }

    private void assertInvalid(String token) {
        assertFails(Code.UNAUTHENTICATED, "TOKEN_INVALID", () -> verifier.verify(token));
    }
}
