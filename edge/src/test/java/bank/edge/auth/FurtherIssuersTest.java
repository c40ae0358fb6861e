package bank.edge.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.edge.EdgeConfig;
import bank.platform.auth.Issuer;
import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import com.nimbusds.jose.JWSAlgorithm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FurtherIssuersTest {
    private static final String OWN = "https://bank.test";

    private static List<Issuer> issuers(String... settings) {
        var all = new HashMap<>(Map.of(
                "BANK_EDGE_UPSTREAMS_IDENTITY", "identity:1",
                "BANK_EDGE_UPSTREAMS_DOCUMENT", "document:2",
                "BANK_EDGE_UPSTREAMS_CONTRACT", "contract:3",
                "BANK_EDGE_UPSTREAMS_REGISTRY", "registry:4",
                "BANK_EDGE_TOKENS_ISSUER", OWN,
                "BANK_EDGE_ISSUERS_PARTNERS_URL", "https://sso.test/partners",
                "BANK_EDGE_ISSUERS_PARTNERS_KEYS", "https://sso.test/partners/keys",
                "BANK_EDGE_ISSUERS_PARTNERS_AUDIENCE", "payments"));
        for (var i = 0; i < settings.length; i += 2) {
            all.put("BANK_EDGE_ISSUERS_" + settings[i], settings[i + 1]);
        }
        return FurtherIssuers.of(
                OWN, Settings.fromEnvironment(EdgeConfig.class, all).issuers());
    }

    @Test
    void hasTheDocumentedDefaults() {
        assertThat(issuers()).singleElement().satisfies(issuer -> {
            assertThat(issuer.url()).isEqualTo("https://sso.test/partners");
            assertThat(issuer.audience()).isEqualTo("payments");
            assertThat(issuer.algorithms()).containsExactly(JWSAlgorithm.PS256);
            assertThat(issuer.types()).containsExactly("at+jwt");
            assertThat(issuer.claims()).containsExactlyInAnyOrder("sub", "exp");
        });
    }

    @Test
    void takesLists() {
        var issuer = issuers("PARTNERS_ALGORITHMS", "RS256,ES384", "PARTNERS_TYPES", "JWT,at+jwt")
                .getFirst();

        assertThat(issuer.algorithms()).containsExactlyInAnyOrder(JWSAlgorithm.RS256, JWSAlgorithm.ES384);
        assertThat(issuer.types()).containsExactlyInAnyOrder("JWT", "at+jwt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "PS256,HS512", "PS257", "ES256K", "dir"})
    void refusesAlgorithms(String algorithms) {
        assertRefused("algorithms", "PARTNERS_ALGORITHMS", algorithms);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://sso.test/keys",
                "http://127.0.0.1.sso.test/keys",
                "http://127.0.0.1@sso.test/keys",
                "file:///etc/keys",
                "sso.test/keys",
                "https:keys",
                "https://sso.test/a b"
            })
    void refusesKeysThatAnyoneMightReplace(String keys) {
        assertRefused("keys", "PARTNERS_KEYS", keys);
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:8090/keys", "http://localhost/keys", "http://[::1]:1/keys"})
    void takesKeysFromThisMachineWithoutTls(String keys) {
        assertThat(issuers("PARTNERS_KEYS", keys)).hasSize(1);
    }

    @Test
    void refusesTheUrlOfAnotherIssuer() {
        assertRefused("url", "PARTNERS_URL", OWN);
        assertThatThrownBy(() -> issuers(
                        "SHOPS_URL", "https://sso.test/partners",
                        "SHOPS_KEYS", "https://sso.test/keys",
                        "SHOPS_AUDIENCE", "shops"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("bank.edge.issuers.shops.url");
    }

    private static void assertRefused(String setting, String name, String value) {
        assertThatThrownBy(() -> issuers(name, value))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .asString()
                                .startsWith("bank.edge.issuers.partners." + setting));
    }
}
