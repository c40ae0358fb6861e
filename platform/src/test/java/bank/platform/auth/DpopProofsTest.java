package bank.platform.auth;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import bank.testing.ProofKey;
import bank.testing.TestClock;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DpopProofsTest {
    private static final String URL = "https://bank.test/v1/contracts/7";
    private static final String TOKEN = "a.b.c";
    private static final ProofKey key = new ProofKey();

    private final TestClock clock = new TestClock();
    private final DpopProofs proofs = new DpopProofs(clock);

    private JWTClaimsSet.Builder claims() {
        return key.claims("GET", URL, TOKEN, clock.instant());
    }

    private void check(String proof) {
        proofs.check(proof, "GET", URL, TOKEN, key.thumbprint());
    }

    private void assertRefused(String proof) {
        assertFails(Code.UNAUTHENTICATED, "PROOF_INVALID", () -> check(proof));
    }

    @Test
    void tellsTheKeyOfARequestForTokens() {
        var proof = key.proof("POST", "https://bank.test/token", null, clock.instant());

        assertThat(proofs.check(proof, "POST", "https://bank.test/token").key()).isEqualTo(key.thumbprint());
    }

    @Test
    void passesWithItsTokenOnce() {
        var proof = key.signed(claims());

        check(proof);
        assertRefused(proof);
        check(key.signed(claims()));
    }

    @Test
    void takesRsaKeysToo() throws Exception {
        var rsa = new RSAKeyGenerator(2048).generate();
        var proof = signed(JWSAlgorithm.PS256, rsa, new RSASSASigner(rsa), claims());

        proofs.check(proof, "GET", URL, TOKEN, rsa.computeThumbprint().toString());
    }

    static Stream<Arguments> spoiled() {
        return Stream.of(
                spoiled("no jti", claims -> claims.jwtID(null)),
                spoiled("an empty jti", claims -> claims.jwtID("")),
                spoiled("a long jti", claims -> claims.jwtID("j".repeat(257))),
                spoiled("no htm", claims -> claims.claim("htm", null)),
                spoiled("another htm", claims -> claims.claim("htm", "POST")),
                spoiled("htm in small letters", claims -> claims.claim("htm", "get")),
                spoiled("htm that is no text", claims -> claims.claim("htm", 7)),
                spoiled("no htu", claims -> claims.claim("htu", null)),
                spoiled("htu without a scheme", claims -> claims.claim("htu", "bank.test/v1/contracts/7")),
                spoiled("htu of another path", claims -> claims.claim("htu", "https://bank.test/v1/contracts/8")),
                spoiled("htu of a path below", claims -> claims.claim("htu", URL + "/documents")),
                spoiled("htu of another host", claims -> claims.claim("htu", "https://evil.test/v1/contracts/7")),
                spoiled("htu of another scheme", claims -> claims.claim("htu", "http://bank.test/v1/contracts/7")),
                spoiled("htu of another port", claims -> claims.claim("htu", "https://bank.test:444/v1/contracts/7")),
                spoiled("htu with a user", claims -> claims.claim("htu", "https://a@bank.test/v1/contracts/7")),
                spoiled("no iat", claims -> claims.issueTime(null)),
                spoiled("no ath", claims -> claims.claim("ath", null)),
                spoiled(
                        "ath of another token",
                        claims -> claims.claim("ath", "kzlRzVKKv-r0J-hrgyIDMFYUYCvVlLAmfpZHoxcNhr0")));
    }

    private static Arguments spoiled(String name, UnaryOperator<JWTClaimsSet.Builder> spoil) {
        return Arguments.of(name, spoil);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoiled")
    void refusesWhatIsNotForThisCall(String name, UnaryOperator<JWTClaimsSet.Builder> spoil) {
        assertRefused(key.signed(spoil.apply(claims())));
    }

    @ParameterizedTest
    @CsvSource({"-66, false", "-65, true", "0, true", "5, true", "6, false"})
    void passesForAMinuteAndTheSkewOfClocks(long seconds, boolean passes) {
        var proof = key.signed(claims().issueTime(Date.from(clock.instant().plusSeconds(seconds))));

        if (passes) {
            assertThatCode(() -> check(proof)).doesNotThrowAnyException();
        } else {
            assertRefused(proof);
        }
    }

    @Test
    void isRememberedAsLongAsItPasses() {
        var proof = key.signed(claims().issueTime(Date.from(clock.instant().plusSeconds(5))));
        check(proof);

        for (var seconds : new int[] {1, 60, 9}) {
            clock.advance(Duration.ofSeconds(seconds));
            assertRefused(proof);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTPS://Bank.TEST/v1/contracts/7",
                "https://bank.test:443/v1/contracts/7",
                "https://bank.test/v1/contracts/%37",
                "https://bank.test/v1/contracts/7?page_size=1#top"
            })
    void takesOtherSpellingsOfItsAddress(String url) {
        check(key.signed(claims().claim("htu", url)));
    }

    @Test
    void escapesThatMeanSomethingAreKept() {
        var slash = key.proof("GET", "https://bank.test/a%2fb", TOKEN, clock.instant());

        assertFails(
                Code.UNAUTHENTICATED,
                "PROOF_INVALID",
                () -> proofs.check(slash, "GET", "https://bank.test/a/b", TOKEN, key.thumbprint()));
        proofs.check(slash, "GET", "https://bank.test/a%2Fb", TOKEN, key.thumbprint());
    }

    @Test
    void refusesOtherKeysThanTheTokensOwn() {
        assertRefused(new ProofKey().proof("GET", URL, TOKEN, clock.instant()));
    }

    @Test
    void refusesOtherTypesAlgorithmsAndKeys() throws Exception {
        var ec = key.key();
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(ec.toPublicJWK())
                .build();
        var signer = new ECDSASigner(ec);
        assertRefused(
                signed(new JWSHeader.Builder(header).type(JOSEObjectType.JWT).build(), signer, claims()));
        assertRefused(signed(new JWSHeader.Builder(header).type(null).build(), signer, claims()));
        assertRefused(signed(new JWSHeader.Builder(header).jwk(null).build(), signer, claims()));
        assertRefused(signed(
                new JWSHeader.Builder(header)
                        .jwk(null)
                        .keyID(ec.computeThumbprint().toString())
                        .build(),
                signer,
                claims()));
        var rsa = new RSAKeyGenerator(2048).generate();
        assertRefused(signed(JWSAlgorithm.RS256, rsa, new RSASSASigner(rsa), claims()));
        assertRefused(
                signed(new JWSHeader.Builder(header).jwk(rsa.toPublicJWK()).build(), signer, claims()));
        var small = new RSAKeyGenerator(1024, true).generate();
        assertRefused(signed(
                JWSAlgorithm.PS256,
                small,
                new RSASSASigner(small.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())),
                claims()));
        var wide = new ECKeyGenerator(Curve.P_384).generate();
        assertRefused(signed(
                new JWSHeader.Builder(JWSAlgorithm.ES384)
                        .type(header.getType())
                        .jwk(wide.toPublicJWK())
                        .build(),
                new ECDSASigner(wide),
                claims()));
        var mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(header.getType())
                        .jwk(ec.toPublicJWK())
                        .build(),
                claims().build());
        mac.sign(new MACSigner(new byte[32]));
        assertRefused(mac.serialize());
        assertRefused(new PlainJWT(claims().build()).serialize());
    }

    @Test
    void refusesPrivateKeysInItsHeader() throws Exception {
        var parts = key.signed(claims()).split("\\.");
        var header = JSONObjectUtils.parse(new Base64URL(parts[0]).decodeToString());
        header.put("jwk", key.key().toJSONObject());

        assertRefused(Base64URL.encode(JSONObjectUtils.toJSONString(header)) + "." + parts[1] + "." + parts[2]);
    }

    @Test
    void refusesKeysThatTakeLongToUse() throws Exception {
        var rsa = new RSAKeyGenerator(2048).generate();
        var slow = new RSAKey.Builder(rsa.getModulus(), rsa.getModulus()).build();

        assertRefused(signed(
                new JWSHeader.Builder(JWSAlgorithm.PS256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .jwk(slow)
                        .build(),
                new RSASSASigner(rsa),
                claims()));
    }

    @Test
    void refusesWhatWasChangedOrIsNoProof() {
        var parts = key.signed(claims()).split("\\.");
        var other = key.signed(claims()).split("\\.");

        assertRefused(parts[0] + "." + other[1] + "." + parts[2]);
        assertRefused(parts[0] + "." + parts[1] + ".");
        assertRefused(parts[0] + "." + parts[1]);
        assertRefused("");
        assertRefused("x".repeat(8_193));
        assertRefused(key.signed(claims().claim("more", Map.of("text", "x".repeat(8_000)))));
    }

    @Test
    void refusesNewOnesRatherThanForgettingUsedOnes() {
        var few = new DpopProofs(clock, 2);
        var first = key.signed(claims());
        few.check(first, "GET", URL, TOKEN, key.thumbprint());
        var other = new ProofKey();
        few.check(other.signed(claims()), "GET", URL, TOKEN, other.thumbprint());

        var third = key.signed(claims());
        assertFails(Code.UNAVAILABLE, "OVERLOADED", () -> few.check(third, "GET", URL, TOKEN, key.thumbprint()));
        assertFails(Code.UNAUTHENTICATED, "PROOF_INVALID", () -> few.check(first, "GET", URL, TOKEN, key.thumbprint()));

        clock.advance(Duration.ofSeconds(66));
        few.check(key.signed(claims()), "GET", URL, TOKEN, key.thumbprint());
    }

    @Test
    void oneKeyTakesATenthOfTheRoom() {
        var few = new DpopProofs(clock, 20);
        few.check(key.signed(claims()), "GET", URL, TOKEN, key.thumbprint());
        few.check(key.signed(claims()), "GET", URL, TOKEN, key.thumbprint());

        var third = key.signed(claims());
        assertFails(Code.UNAVAILABLE, "OVERLOADED", () -> few.check(third, "GET", URL, TOKEN, key.thumbprint()));
        assertFails(Code.UNAVAILABLE, "OVERLOADED", () -> few.check(third, "GET", URL));
        var other = new ProofKey();
        few.check(other.signed(claims()), "GET", URL, TOKEN, other.thumbprint());

        clock.advance(Duration.ofSeconds(66));
        few.check(key.signed(claims()), "GET", URL, TOKEN, key.thumbprint());
    }

    @Test
    void whatIsGivenBackTakesNoRoomAndMayBeUsedOnce() {
        var few = new DpopProofs(clock, 1);
        var proof = key.signed(claims());
        few.giveBack(few.check(proof, "GET", URL));
        few.giveBack(few.check(key.signed(claims()), "GET", URL));

        few.check(proof, "GET", URL);
        assertFails(Code.UNAUTHENTICATED, "PROOF_INVALID", () -> few.check(proof, "GET", URL));
        assertFails(Code.UNAVAILABLE, "OVERLOADED", () -> few.check(key.signed(claims()), "GET", URL));

        clock.advance(Duration.ofSeconds(66));
        few.check(key.signed(claims()), "GET", URL);
    }

    private static String signed(JWSAlgorithm algorithm, RSAKey rsa, JWSSigner signer, JWTClaimsSet.Builder claims)
            throws Exception {
        var header = new JWSHeader.Builder(algorithm)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(rsa.toPublicJWK())
                .build();
        return signed(header, signer, claims);
    }

    private static String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet.Builder claims) throws Exception {
        var proof = new SignedJWT(header, claims.build());
        proof.sign(signer);
        return proof.serialize();
    }
}
