package bank.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.platform.config.InvalidSettingsException;
import bank.platform.config.Settings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentConfigTest {
    private static final Map<String, String> REQUIRED = Map.ofEntries(
            Map.entry("BANK_DOCUMENT_PORT", "9002"),
            Map.entry("BANK_DOCUMENT_DATABASE_URL", "jdbc:postgresql://127.0.0.1/document"),
            Map.entry("BANK_DOCUMENT_DATABASE_USER", "document"),
            Map.entry("BANK_DOCUMENT_TOKENS_ISSUER", "http://127.0.0.1:8080"),
            Map.entry("BANK_DOCUMENT_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"),
            Map.entry("BANK_DOCUMENT_UPSTREAM_IDENTITY", "127.0.0.1:9001"),
            Map.entry("BANK_DOCUMENT_UPSTREAM_CLIENT_ID", "document-service"),
            Map.entry("BANK_DOCUMENT_UPSTREAM_CLIENT_SECRET", "secret"),
            Map.entry("BANK_DOCUMENT_S3_ENDPOINT", "http://127.0.0.1:9000"),
            Map.entry("BANK_DOCUMENT_S3_ACCESS_KEY", "key"),
            Map.entry("BANK_DOCUMENT_S3_SECRET_KEY", "secret"));

    @Test
    void hasDefaultsForWhatIsNotRequired() {
        var config = read(Map.of());
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(9002);
        assertThat(config.linkTime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.reaperPause()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.s3().bucket()).isEqualTo("bank-documents");
        assertThat(config.s3().region()).isEqualTo("us-east-1");
        assertThat(config.upload().bytesMax()).isEqualTo(50 * 1024 * 1024);
        assertThat(config.upload().presignedBytesMax()).isEqualTo(1024 * 1024 * 1024);
        assertThat(config.upload().batchFilesMax()).isEqualTo(100);
        assertThat(config.upload().batchBytesMax()).isEqualTo(1024 * 1024 * 1024);
        assertThat(config.upload().atOnceMax()).isEqualTo(64);
        assertThat(config.upload().presignedOpenMax()).isEqualTo(100);
        assertThat(config.upload().timeMax()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.upload().grace()).isEqualTo(Duration.ofHours(1));
        assertThat(config.upload().spool()).isEmpty();
        assertThat(config.clamav().host()).isEmpty();
        assertThat(config.clamav().port()).isEqualTo(3310);
        assertThat(config.clamav().timeMax()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.integrity().pause()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.integrity().age()).isEqualTo(Duration.ofDays(7));
        assertThat(config.integrity().batch()).isEqualTo(500);
        assertThat(config.watch().atOnceMax()).isEqualTo(1000);
        assertThat(config.watch().callerAtOnceMax()).isEqualTo(16);
        assertThat(config.watch().heartbeat()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.watch().stallMax()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.watch().kept()).isEqualTo(Duration.ofDays(1));
        DocumentSettings.check(config);
    }

    @Test
    void signsUrlsForTheAddressOthersReach() {
        assertThat(DocumentSettings.location(read(Map.of()).s3()).publicUrl())
                .isEqualTo(URI.create("http://127.0.0.1:9000"));
        assertThat(DocumentSettings.location(read(Map.of("BANK_DOCUMENT_S3_PUBLIC_URL", "https://s3.bank.test"))
                                .s3())
                        .publicUrl())
                .isEqualTo(URI.create("https://s3.bank.test"));
    }

    @Test
    void tellsEverySettingThatIsMissing() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.fromEnvironment(DocumentConfig.class, Map.of()))
                .satisfies(e -> assertThat(e.problems())
                        .anyMatch(problem -> problem.contains("bank.document.port"))
                        .anyMatch(problem -> problem.contains("bank.document.s3.endpoint"))
                        .anyMatch(problem -> problem.contains("bank.document.upstream.identity")));
    }

    @Test
    void tellsEverySettingOutOfItsRangeBeforeItStarts() {
        var config = read(Map.of(
                "BANK_DOCUMENT_PORT", "70000",
                "BANK_DOCUMENT_UPLOAD_BYTES_MAX", "0",
                "BANK_DOCUMENT_UPLOAD_GRACE", "PT1M",
                "BANK_DOCUMENT_LINK_TIME", "P8D"));
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> DocumentServer.start(config, Clock.systemUTC()))
                .satisfies(e -> assertThat(e.problems())
                        .hasSize(4)
                        .anyMatch(problem -> problem.contains("bank.document.upload.grace")));
    }

    private static DocumentConfig read(Map<String, String> further) {
        var all = new HashMap<>(REQUIRED);
        all.putAll(further);
        return Settings.fromEnvironment(DocumentConfig.class, all);
    }
}
