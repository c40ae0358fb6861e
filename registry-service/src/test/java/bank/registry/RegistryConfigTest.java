package bank.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.platform.config.InvalidSettingsException;
import bank.platform.events.RetrySchedule;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {
    private static final Map<String, String> NEEDED = Map.of(
            "BANK_REGISTRY_PORT", "9004",
            "BANK_REGISTRY_DATABASE_URL", "jdbc:postgresql://db:5432/registry",
            "BANK_REGISTRY_DATABASE_USER", "registry",
            "BANK_REGISTRY_TOKENS_ISSUER", "https://bank.test",
            "BANK_REGISTRY_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
            "BANK_REGISTRY_UPSTREAM_IDENTITY", "identity:9001",
            "BANK_REGISTRY_UPSTREAM_CLIENT_ID", "registry-service",
            "BANK_REGISTRY_UPSTREAM_CLIENT_SECRET", "secret");

    @Test
    void readsEverySettingFromItsVariable() {
        var config = RegistrySettings.fromEnvironment(with(Map.of(
                "BANK_REGISTRY_SANDBOX", "true",
                "BANK_REGISTRY_KAFKA_RETRY_PAUSES", "PT2S,PT3S",
                "BANK_REGISTRY_SANDBOX_DEATH_NOTICE", "true",
                "BANK_REGISTRY_SANDBOX_DEATH_NOTICE_DELAY", "PT1S",
                "BANK_REGISTRY_NHS_URL", "https://nhs.test/api",
                "BANK_REGISTRY_NHS_TOKEN_URL", "https://nhs.test/token",
                "BANK_REGISTRY_NHS_CLIENT_ID", "bank",
                "BANK_REGISTRY_NHS_CLIENT_SECRET", "hidden",
                "BANK_REGISTRY_NHS_TIMEOUT", "PT1S",
                "BANK_REGISTRY_HMRC_TRIES_MAX", "5")));

        assertThat(config.port()).isEqualTo(9004);
        assertThat(config.upstream().clientId()).isEqualTo("registry-service");
        assertThat(config.kafka().retryPauses()).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(config.sandbox()).isTrue();
        assertThat(config.sandboxDeathNotice()).isTrue();
        assertThat(config.sandboxDeathNoticeDelay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.nhs().url()).contains("https://nhs.test/api");
        assertThat(config.nhs().tokenUrl()).contains("https://nhs.test/token");
        assertThat(config.nhs().clientId()).contains("bank");
        assertThat(config.nhs().clientSecret()).contains("hidden");
        assertThat(config.nhs().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.hmrc().triesMax()).isEqualTo(5);
    }

    @Test
    void hasDefaults() {
        var config = RegistrySettings.fromEnvironment(NEEDED);

        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(RetrySchedule.of(config.kafka())).isEqualTo(RetrySchedule.DEFAULT);
        assertThat(config.sandbox()).isFalse();
        assertThat(config.sandboxDeathNotice()).isFalse();
        assertThat(config.sandboxDeathNoticeDelay()).isEqualTo(Duration.ofSeconds(30));
        for (var remote : new RegistryConfig.RemoteConfig[] {config.nhs(), config.hmrc()}) {
            assertThat(remote.url()).isEmpty();
            assertThat(remote.timeout()).isEqualTo(Duration.ofSeconds(2));
            assertThat(remote.triesMax()).isEqualTo(3);
            assertThat(remote.pause()).isEqualTo(Duration.ofMillis(200));
            assertThat(remote.failuresMax()).isEqualTo(10);
            assertThat(remote.rest()).isEqualTo(Duration.ofSeconds(15));
        }
    }

    @Test
    void takesTheShortNameOfTheDeathNoticeUnlessTheWholeOneIsThere() {
        var brief = with(Map.of("SANDBOX_DEATH_NOTICE", "true"));
        assertThat(RegistrySettings.fromEnvironment(brief).sandboxDeathNotice()).isTrue();

        brief.put("BANK_REGISTRY_SANDBOX_DEATH_NOTICE", "false");
        assertThat(RegistrySettings.fromEnvironment(brief).sandboxDeathNotice()).isFalse();
    }

    @Test
    void doesNotStartWithoutNeededSettingsAndNamesEach() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> RegistrySettings.fromEnvironment(Map.of()))
                .satisfies(e -> assertThat(e.problems()).hasSize(NEEDED.size()));
    }

    @Test
    void doesNotStartWithoutRegistriesOrASandbox() {
        assertProblems(NEEDED, "bank.registry.nhs.url must be set", "bank.registry.hmrc.url must be set");
    }

    @Test
    void doesNotStartWithHalfARegistry() {
        assertProblems(
                with(Map.of("BANK_REGISTRY_SANDBOX", "true", "BANK_REGISTRY_NHS_URL", "https://nhs.test/?a=b")),
                "bank.registry.nhs.url must be an http or https URL",
                "bank.registry.nhs.token-url must be an http or https URL",
                "bank.registry.nhs.client-id must be set",
                "bank.registry.nhs.client-secret must be set");
    }

    @Test
    void givesANoticeOfDeathInASandboxAlone() {
        assertProblems(
                with(Map.of(
                        "BANK_REGISTRY_SANDBOX", "true",
                        "SANDBOX_DEATH_NOTICE", "true",
                        "BANK_REGISTRY_HMRC_URL", "http://hmrc.test",
                        "BANK_REGISTRY_HMRC_TOKEN_URL", "http://hmrc.test/token",
                        "BANK_REGISTRY_HMRC_CLIENT_ID", "bank",
                        "BANK_REGISTRY_HMRC_CLIENT_SECRET", "hidden")),
                "bank.registry.sandbox-death-notice is for a sandbox alone");
    }

    @Test
    void doesNotStartOutOfRangeAndNamesEach() {
        assertProblems(
                with(Map.of(
                        "BANK_REGISTRY_SANDBOX", "true",
                        "BANK_REGISTRY_PORT", "65536",
                        "BANK_REGISTRY_SANDBOX_DEATH_NOTICE_DELAY", "PT1H0.001S",
                        "BANK_REGISTRY_NHS_TIMEOUT", "PT0.009S",
                        "BANK_REGISTRY_NHS_TRIES_MAX", "6",
                        "BANK_REGISTRY_NHS_PAUSE", "PT0S",
                        "BANK_REGISTRY_HMRC_FAILURES_MAX", "1",
                        "BANK_REGISTRY_HMRC_REST", "PT1H1S",
                        "BANK_REGISTRY_UPSTREAM_IDENTITY", "identity")),
                "bank.registry.port: 65536",
                "bank.registry.upstream.identity",
                "bank.registry.sandbox-death-notice-delay",
                "bank.registry.nhs.timeout",
                "bank.registry.nhs.tries-max",
                "bank.registry.nhs.pause",
                "bank.registry.hmrc.failures-max",
                "bank.registry.hmrc.rest");
    }

    private static void assertProblems(Map<String, String> settings, String... beginnings) {
        var config = RegistrySettings.fromEnvironment(settings);
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(
                        () -> RegistryServer.start(config, Clock.systemUTC()).close())
                .satisfies(e -> {
                    assertThat(e.problems()).hasSize(beginnings.length);
                    for (var beginning : beginnings) {
                        assertThat(e.problems()).anyMatch(problem -> problem.startsWith(beginning));
                    }
                });
    }

    private static Map<String, String> with(Map<String, String> more) {
        var settings = new TreeMap<>(NEEDED);
        settings.putAll(more);
        return settings;
    }
}
