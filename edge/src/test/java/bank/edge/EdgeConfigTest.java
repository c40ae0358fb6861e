package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EdgeConfigTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "BANK_EDGE_UPSTREAMS_IDENTITY", "identity:1",
            "BANK_EDGE_UPSTREAMS_DOCUMENT", "document:2",
            "BANK_EDGE_UPSTREAMS_CONTRACT", "contract:3",
            "BANK_EDGE_UPSTREAMS_REGISTRY", "registry:4",
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
        assertThat(config.upstream().silenceCounted()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.upstream().metadataBytesMax()).isEqualTo(8 << 10);
        assertThat(config.jsonBytesMax()).isEqualTo(1 << 20);
        assertThat(config.uploadBytesMax()).isEqualTo(52 << 20);
        assertThat(config.batchUploadBytesMax()).isEqualTo(1280L << 20);
        assertThat(config.streamBytesMax()).isEqualTo(4L << 30);
        assertThat(config.streamHeartbeat()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.streamRetry()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.requestTimeoutMax()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.drainQuiet()).isZero();
        assertThat(config.transferTimeout()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void hasTheDocumentedMannersByDefault() {
        var config = Settings.fromEnvironment(EdgeConfig.class, REQUIRED);

        assertThat(config.cors().origins()).isEmpty();
        assertThat(config.cors().credentials()).isFalse();
        assertThat(config.cors().maxAge()).isEqualTo(Duration.ofHours(1));
        assertThat(config.compression().enabled()).isTrue();
        assertThat(config.compression().bytesMin()).isEqualTo(1_024);
        assertThat(config.connections().max()).isEqualTo(10_000);
        assertThat(config.connections().streamsMax()).isEqualTo(256);
        assertThat(config.connections().idleMax()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.connections().headerBytesMax()).isEqualTo(16 << 10);
        assertThat(config.rates().callerPerMinute()).isEqualTo(1_200_000);
        assertThat(config.rates().addressPerMinute()).isEqualTo(1_200_000);
        assertThat(config.rates().rememberedMax()).isEqualTo(100_000);
        assertThat(config.proxies().trusted()).isEmpty();
        assertThat(config.proxies().header()).isEqualTo("x-forwarded-for");
        assertThat(config.tls().certificate()).isEmpty();
        assertThat(config.tls().reloadPause()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.metrics().port()).isEmpty();
        assertThat(config.accessLog()).isEqualTo(AccessLogForm.TEXT);
    }

    @Test
    void readsTheMannersFromTheEnvironment() {
        var all = new TreeMap<>(REQUIRED);
        all.put("BANK_EDGE_CORS_ORIGINS", "https://a.test,https://b.test");
        all.put("BANK_EDGE_RATES_CALLER_PER_MINUTE", "0");
        all.put("BANK_EDGE_METRICS_PORT", "9464");
        all.put("BANK_EDGE_ACCESS_LOG", "json");
        var config = Settings.fromEnvironment(EdgeConfig.class, all);

        assertThat(config.cors().origins().orElseThrow()).containsExactly("https://a.test", "https://b.test");
        assertThat(config.rates().callerPerMinute()).isZero();
        assertThat(config.metrics().port()).hasValue(9_464);
        assertThat(config.accessLog()).isEqualTo(AccessLogForm.JSON);
    }

    @Test
    void listsEverythingThatIsMissing() {
        assertThatThrownBy(() -> Settings.fromEnvironment(EdgeConfig.class, Map.of()))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(4));
    }

    @Test
    void refusesAMisspelledScopeOfFurtherServices() {
        var all = new TreeMap<>(REQUIRED);
        all.put("BANK_EDGE_SERVICES_RATES_DESCRIPTORS", "rates.binpb");
        all.put("BANK_EDGE_SERVICES_RATES_ADDRESS", "rates:50051");
        all.put("BANK_EDGE_SERVICES_RATES_SCOPE", "rates:read");
        all.put("BANK_EDGE_ISSUERS_PARTNERS_URL", "https://sso.test");
        all.put("BANK_EDGE_ISSUERS_PARTNERS_KEYS", "https://sso.test/keys");
        all.put("BANK_EDGE_ISSUERS_PARTNERS_AUDIENCE", "bank");
        assertThat(Settings.fromEnvironment(EdgeConfig.class, all)
                        .services()
                        .get("rates")
                        .scope())
                .hasValue("rates:read");

        all.put("BANK_EDGE_SERVICES_RATES_SCOPES", "rates:read");
        all.put("BANK_EDGE_ISSUERS_PARTNERS_AUDIENCES", "bank");
        assertThatThrownBy(() -> Settings.fromEnvironment(EdgeConfig.class, all))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "BANK_EDGE_ISSUERS_PARTNERS_AUDIENCES is no setting:"
                                                + " is BANK_EDGE_ISSUERS_PARTNERS_AUDIENCE meant?",
                                        "BANK_EDGE_SERVICES_RATES_SCOPES is no setting:"
                                                + " is BANK_EDGE_SERVICES_RATES_SCOPE meant?"));
    }
}
