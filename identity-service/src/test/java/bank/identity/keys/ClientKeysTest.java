package bank.identity.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.FieldInvalid;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientKeysTest {
    private static RSAKey rsa;
    private static ECKey ec;

    @BeforeAll
    static void generate() throws Exception {
        rsa = new RSAKeyGenerator(2_048).keyID("rsa").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    }

    @Test
    void keepsOfPublicKeysWhatChecksSignatures() throws Exception {
        var decorated = new RSAKey.Builder(rsa.toPublicJWK())
                .algorithm(JWSAlgorithm.PS256)
                .x509CertURL(URI.create("https://evil.example/"))
                .build();
        var kept = JWKSet.parse(ClientKeys.normal(json(decorated, ec.toPublicJWK())));
        assertThat(kept.getKeys()).extracting(JWK::getKeyID).containsExactly("rsa", "ec");
        assertThat(kept.getKeyByKeyId("rsa").toJSONObject()).containsOnlyKeys("kty", "kid", "n", "e", "alg", "use");
        assertThat(kept.getKeyByKeyId("ec").toJSONObject()).containsOnlyKeys("kty", "kid", "crv", "x", "y", "use");
    }

    @Test
    void refusesPrivateAndSharedKeysWithoutRepeatingThem() throws Exception {
        for (var key : new JWK[] {
            rsa, ec, new OctetSequenceKeyGenerator(256).keyID("oct").generate()
        }) {
            assertThatExceptionOfType(IdentityException.class)
                    .isThrownBy(() -> ClientKeys.normal(new JWKSet(key).toString(false)))
                    .satisfies(e -> assertThat(((FieldInvalid) e.failure()).description())
                            .contains("private")
                            .doesNotContain(
                                    key.toJSONObject().getOrDefault("d", "-").toString()));
        }
    }

    @Test
    void refusesWeakOrOtherKeys() throws Exception {
        assertRefused(
                json(new RSAKeyGenerator(2_047, true).keyID("short").generate().toPublicJWK()));
        assertRefused(json(new RSAKey.Builder(odd(4_097), rsa.getPublicExponent())
                .keyID("long")
                .build()));
        assertRefused(json(exponent(1)));
        assertRefused(json(exponent(3)));
        assertRefused(json(exponent(65_538)));
        assertRefused(json(exponent((1L << 33) + 1)));
        assertRefused(
                json(new ECKeyGenerator(Curve.P_384).keyID("p384").generate().toPublicJWK()));
        assertRefused(json(
                new RSAKey.Builder(rsa.toPublicJWK()).keyUse(KeyUse.ENCRYPTION).build()));
        assertRefused(json(new RSAKey.Builder(rsa.toPublicJWK())
                .algorithm(JWSAlgorithm.RS512)
                .build()));
        assertRefused(json(new RSAKey.Builder(rsa.toPublicJWK()).keyID(null).build()));
        assertRefused(json(
                new RSAKey.Builder(rsa.toPublicJWK()).keyID("k".repeat(129)).build()));
        assertRefused(json(
                rsa.toPublicJWK(),
                new ECKey.Builder(ec.toPublicJWK()).keyID("rsa").build()));
    }

    @Test
    void takesUpTo10Keys() {
        assertThat(ClientKeys.normal(json(keys(10)))).isNotEmpty();
        assertRefused(json(keys(11)));
        assertThat(ClientKeys.normal(json(exponent(65_537)))).isNotEmpty();
        assertThat(ClientKeys.normal(json(new RSAKey.Builder(odd(4_096), rsa.getPublicExponent())
                        .keyID("k".repeat(128))
                        .build())))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "{}",
                "[]",
                "{\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\"," + "\"x\":\"AQ\",\"y\":\"AQ\"}]}"
            })
    void refusesWhatIsNoKeySet(String text) {
        assertRefused(text);
    }

    private static JWK[] keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> new ECKey.Builder(ec.toPublicJWK()).keyID("k" + i).build())
                .toArray(JWK[]::new);
    }

    private static RSAKey exponent(long exponent) {
        return new RSAKey.Builder(rsa.getModulus(), Base64URL.encode(BigInteger.valueOf(exponent)))
                .keyID("e")
                .build();
    }

    private static Base64URL odd(int bits) {
        return Base64URL.encode(BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE));
    }

    private static String json(JWK... keys) {
        return new JWKSet(Collections.unmodifiableList(Arrays.asList(keys))).toString(false);
    }

    private static void assertRefused(String jwks) {
        assertThatExceptionOfType(IdentityException.class)
                .isThrownBy(() -> ClientKeys.normal(jwks))
                .satisfies(e -> assertThat(e.failure()).isInstanceOf(FieldInvalid.class));
    }
}
