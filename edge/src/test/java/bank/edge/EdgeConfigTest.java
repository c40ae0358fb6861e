package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EdgeConfigTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "BANK_EDGE_UPSTREAMS_IDENTITY", "identity:1",
            "BANK_EDGE_UPSTREAMS_DOCUMENT", "document:2",
            "BANK_EDGE_UPSTREAMS_CONTRACT", "contract:3",
            "BANK_EDGE_TOKENS_ISSUER", "https://bank.test");

    @Test
    void hasTheDocumentedKeysAndDefaults() {
        var config = Settings.fromEnvironment(EdgeConfig.class, REQUIRED);

        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.upstreams().document()).isEqualTo("document:2");
        assertThat(config.tokens().issuer()).isEqualTo("https://bank.test");
        assertThat(config.tokens().audience()).isEqualTo("bank");
        assertThat(config.issuers()).isEmpty();
        assertThat(config.upstream().connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.upstream().pingInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.upstream().attemptsMax()).isEqualTo(3);
        assertThat(config.upstream().circuitFailures()).isEqualTo(5);
        assertThat(config.upstream().circuitOpen()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.jsonBytesMax()).isEqualTo(1 << 20);
        assertThat(config.uploadBytesMax()).isEqualTo(52 << 20);
        assertThat(config.batchUploadBytesMax()).isEqualTo(1280L << 20);
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.requestTimeoutMax()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.transferTimeout()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void listsEverythingThatIsMissing() {
        assertThatThrownBy(() -> Settings.fromEnvironment(EdgeConfig.class, Map.of()))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(4));
    }
}
