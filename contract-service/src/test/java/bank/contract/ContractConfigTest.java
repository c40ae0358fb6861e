package bank.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ContractConfigTest {
    private static final Map<String, String> NEEDED = Map.of(
            "BANK_CONTRACT_PORT", "9003",
            "BANK_CONTRACT_DATABASE_URL", "jdbc:postgresql://db:5432/contract",
            "BANK_CONTRACT_DATABASE_USER", "contract",
            "BANK_CONTRACT_TOKENS_ISSUER", "https://bank.test",
            "BANK_CONTRACT_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
            "BANK_CONTRACT_UPSTREAM_IDENTITY", "identity:9001",
            "BANK_CONTRACT_UPSTREAM_CLIENT_ID", "contract-service",
            "BANK_CONTRACT_UPSTREAM_CLIENT_SECRET", "secret",
            "BANK_CONTRACT_DOCUMENTS", "document:9002");

    @Test
    void readsEverySettingFromItsVariable() {
        var config = Settings.fromEnvironment(ContractConfig.class, NEEDED);

        assertThat(config.port()).isEqualTo(9003);
        assertThat(config.database().url()).isEqualTo("jdbc:postgresql://db:5432/contract");
        assertThat(config.database().user()).isEqualTo("contract");
        assertThat(config.tokens().issuer()).isEqualTo("https://bank.test");
        assertThat(config.kafka().bootstrapServers()).contains("kafka:9092");
        assertThat(config.upstream().identity()).isEqualTo("identity:9001");
        assertThat(config.upstream().clientId()).isEqualTo("contract-service");
        assertThat(config.upstream().clientSecret()).isEqualTo("secret");
        assertThat(config.documents()).isEqualTo("document:9002");
    }

    @Test
    void hasDefaults() {
        var config = Settings.fromEnvironment(ContractConfig.class, NEEDED);

        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.database().password()).isEmpty();
        assertThat(config.database().connectionsMax()).isEqualTo(16);
        assertThat(config.tokens().audience()).isEqualTo("bank");
        assertThat(config.mend().pause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.mend().patience()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void doesNotStartWithoutNeededSettingsAndNamesEach() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.fromEnvironment(ContractConfig.class, Map.of()))
                .satisfies(e -> assertThat(e.problems()).hasSize(NEEDED.size()));
    }

    @Test
    void doesNotStartOutOfRangeAndNamesEach() {
        var settings = new TreeMap<>(NEEDED);
        settings.put("BANK_CONTRACT_PORT", "65536");
        settings.put("BANK_CONTRACT_DATABASE_CONNECTIONS_MAX", "0");
        settings.put("BANK_CONTRACT_MEND_PAUSE", "PT0.099S");
        settings.put("BANK_CONTRACT_MEND_PATIENCE", "PT1H1S");
        var config = Settings.fromEnvironment(ContractConfig.class, settings);

        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(
                        () -> ContractServer.start(config, Clock.systemUTC()).close())
                .satisfies(e -> assertThat(e.problems())
                        .anyMatch(problem -> problem.startsWith("bank.contract.port: 65536"))
                        .anyMatch(problem -> problem.startsWith("bank.contract.database.connections-max: 0"))
                        .anyMatch(problem -> problem.startsWith("bank.contract.mend.pause"))
                        .anyMatch(problem -> problem.startsWith("bank.contract.mend.patience"))
                        .hasSize(4));
    }
}
