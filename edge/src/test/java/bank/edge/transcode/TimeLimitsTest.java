package bank.edge.transcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.edge.EdgeConfig;
import bank.edge.route.Rpc;
import bank.edge.route.ServiceSet;
import bank.platform.config.Settings;
import bank.platform.failure.FailureException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeLimitsTest {
    private final TimeLimits limits = new TimeLimits(Settings.of(
            EdgeConfig.class,
            Map.of(
                    "bank.edge.upstreams.identity", "127.0.0.1:1",
                    "bank.edge.upstreams.document", "127.0.0.1:1",
                    "bank.edge.upstreams.contract", "127.0.0.1:1",
                    "bank.edge.upstreams.registry", "127.0.0.1:1",
                    "bank.edge.tokens.issuer", "test")));

    private static Rpc rpc(String service, String name) {
        return ServiceSet.own(Map.of()).rpcs().stream()
                .filter(rpc -> rpc.path().equals("/bank.v1." + service + "/" + name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "DocumentReviewService, GetDocument, PT30S",
        "DocumentService, UploadDocument, PT15M",
        "DocumentService, DownloadDocument, PT15M",
        "DocumentService, CreateUpload, PT30S",
        "DocumentService, FinishUpload, PT15M",
    })
    void givesTransfersTheTimeOfATransfer(String service, String name, Duration expected) {
        assertThat(limits.of(rpc(service, name), null)).isEqualTo(expected);
        assertThat(limits.ofGrpc(rpc(service, name), null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"2s, PT2S", "1.5s, PT1.5S", "500ms, PT0.5S", "1m, PT1M", "2m, PT2M", "3m, PT2M", "0s, PT0.001S"})
    void givesWhatIsAskedForUpToTheMost(String asked, Duration expected) {
        assertThat(limits.of(rpc("DocumentReviewService", "GetDocument"), asked))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"2S, PT2S", "500m, PT0.5S", "1M, PT1M", "3M, PT2M", "99H, PT2M", "x, PT30S"})
    void readsWhatGrpcClientsAskFor(String asked, Duration expected) {
        assertThat(limits.ofGrpc(rpc("DocumentReviewService", "GetDocument"), asked))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "s", "-1s", "2h", "1,5s", "1e3s"})
    void refusesOtherForms(String asked) {
        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> limits.of(rpc("DocumentReviewService", "GetDocument"), asked))
                .satisfies(e -> assertThat(e.failure().reason()).isEqualTo("INVALID_HEADER"));
    }

    @Test
    void capsTransfersToo() {
        assertThat(limits.of(rpc("DocumentService", "FinishUpload"), "99m")).isEqualTo(Duration.ofMinutes(15));
    }
}
