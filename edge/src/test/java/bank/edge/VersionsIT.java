package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import bank.v1.ApiVersionState;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Versions of the interface, and what answers of a deprecated one say.
class VersionsIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN UnaryCall call broke off: ");

    @Test
    void listsTheVersionsForAnybody() {
        try (var bank = new TestBank()) {
            var answer = bank.send(HttpRequest.newBuilder(bank.uri("/versions")));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo("{\"versions\":[{\"version\":\"v1\",\"state\":\"active\",\"info_url\":\"\"}]}");
        }
    }

    @Test
    void aDeprecatedVersionSaysSoInEveryAnswerOfItsOwn() throws IOException {
        try (var library = new TestLibrary()) {
            var settings = library.settings();
            settings.put("bank.edge.versions-pause", "PT0.02S");
            try (var bank = new TestBank(settings)) {
                assertThat(bank.get("/v1/abs/documents/1").headers().map())
                        .doesNotContainKeys("deprecation", "sunset", "link");

                bank.versions.v1 = bank.versions.v1.toBuilder()
                        .setState(ApiVersionState.API_VERSION_STATE_DEPRECATED)
                        .setDeprecatedAt(time("2026-11-21T11:00:00Z"))
                        .setSunsetAt(time("2027-01-01T00:00:00Z"))
                        .setInfoUrl("https://bank.example/v2")
                        .build();
                Eventually.holds(
                        "v1 is deprecated",
                        Duration.ofSeconds(20),
                        () -> bank.get("/v1/abs/documents/1")
                                .headers()
                                .firstValue("deprecation")
                                .isPresent());

                for (String path : new String[] {"/v1/abs/documents/1", "/v1/abs/documents/404"}) {
                    var headers = bank.get(path).headers();
                    assertThat(headers.firstValue("deprecation")).hasValue("@1795258800");
                    assertThat(headers.firstValue("sunset")).hasValue("Fri, 01 Jan 2027 00:00:00 GMT");
                    assertThat(headers.firstValue("link")).hasValue("<https://bank.example/v2>; rel=\"deprecation\"");
                }
                var web = bank.send(bank.request("/bank.v1.DocumentReviewService/GetDocument")
                        .header("Content-Type", "application/grpc-web")
                        .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));
                assertThat(web.headers().firstValue("deprecation")).hasValue("@1795258800");
                assertThat(bank.get("/library/shelves/1/books/2").headers().map())
                        .doesNotContainKeys("deprecation", "sunset", "link");

                bank.stopServices();
                assertThat(bank.get("/v1/abs/documents/1").headers().firstValue("deprecation"))
                        .as("known still when identity-service is down")
                        .isPresent();
            }
        }
    }

    private static Timestamp time(String text) {
        return Timestamp.newBuilder()
                .setSeconds(Instant.parse(text).getEpochSecond())
                .build();
    }
}
