package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DownloadIT {
    // Listens until the servers have stopped.
    @RegisterExtension
    @Order(1)
    static final ExpectedLog unread = ExpectedLog.ofAnswersLeftUnread();

    @RegisterExtension
    static final ExpectedLog log =
            new ExpectedLog("bank.platform.failure.FailureException: STORAGE_UNAVAILABLE: storage is gone");

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank();
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    @Test
    void streamsTheContentWithItsHeaders() {
        var answer = bank.get("/v1/dbo/documents/5/content");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body().getBytes(StandardCharsets.UTF_8)).isEqualTo(TestDocumentService.CONTENT);
        var headers = answer.headers();
        assertThat(headers.firstValue("content-type")).hasValue("application/pdf");
        assertThat(headers.firstValue("content-length")).hasValue(Integer.toString(TestDocumentService.CONTENT.length));
        assertThat(headers.firstValue("content-disposition")).hasValue("attachment; filename*=UTF-8''%D0%94.pdf");
        assertThat(headers.firstValue("accept-ranges")).hasValue("bytes");
        assertThat(headers.firstValue("etag")).hasValue("\"sha-256:abc\"");
        assertThat(headers.firstValue("cache-control")).hasValue("private, no-cache");
    }

    @Test
    void passesRangesThrough() {
        var answer = bank.send(bank.request("/v1/dbo/documents/5/content").header("Range", "bytes=0-3"));

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo("%PDF");
        assertThat(answer.headers().firstValue("content-range"))
                .hasValue("bytes 0-3/" + TestDocumentService.CONTENT.length);
    }

    @Test
    void answersARangeThatCannotBeMetWith416() {
        var answer = bank.send(bank.request("/v1/dbo/documents/5/content").header("Range", "bytes=900-"));

        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(answer.body()).contains("\"reason\":\"RANGE\"");
        assertThat(answer.headers().firstValue("content-range"))
                .hasValue("bytes */" + TestDocumentService.CONTENT.length);
    }

    @Test
    void answersHeadWithTheHeadersAlone() {
        var answer = bank.send(bank.request("/v1/dbo/documents/5/content").method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("content-length"))
                .hasValue(Integer.toString(TestDocumentService.CONTENT.length));
    }

    @Test
    void answersNotModifiedToAKnownEntityTag() {
        var answer = bank.send(
                bank.request("/v1/dbo/documents/5/content").header("If-None-Match", "W/\"x\", \"sha-256:abc\""));

        assertThat(answer.statusCode()).isEqualTo(304);
    }

    @Test
    void answersAMissingDocumentAsAProblem() {
        var answer = bank.get("/v1/dbo/documents/404/content");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("\"reason\":\"NOT_FOUND\"");
    }

    @Test
    void breaksOffWhatTheServiceBreaksOff() {
        assertThatThrownBy(() -> bank.get("/v1/dbo/documents/8/content")).hasMessageContaining("IOException");
        // The client may know before it is logged.
        Eventually.holds(
                "the cause is logged", Duration.ofSeconds(5), () -> log.lines().size() == 1);
    }

    @Test
    void cancelsTheServiceWhenTheClientGoesAway() throws Exception {
        try (var socket = new Socket("127.0.0.1", bank.edge.port())) {
            socket.getOutputStream()
                    .write(("GET /v1/dbo/documents/7/content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                                    + bank.tokens.client() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(200_000)).hasSize(200_000);
            assertThat(bank.documents.endlessCancelled).isNotDone();
        }
        bank.documents.endlessCancelled.get(5, TimeUnit.SECONDS);
    }
}
