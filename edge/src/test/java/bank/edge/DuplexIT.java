package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.SessionProtocol;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams both ways at once.
@ParameterizedClass
@EnumSource(
        value = SessionProtocol.class,
        names = {"H1C", "H2C"})
class DuplexIT {
    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge();

    @Parameter
    SessionProtocol protocol;

    @AutoClose
    private StreamClient client;

    @BeforeEach
    void open() {
        client = edge.client(protocol);
    }

    private StreamClient.Open exchange(String accept) {
        return client.open(client.headers(HttpMethod.POST, "/library/books:exchange")
                .set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES)
                .set(HttpHeaderNames.ACCEPT, accept));
    }

    @Test
    void answersWhileItIsAsked() {
        var open = exchange(StreamClient.LINES);
        for (int i = 1; i <= 3; i++) {
            open.write("{\"pages\":\"" + i + "\"}\n");
            assertThat(open.line()).isEqualTo("{\"pages\":\"" + i + "\"}\n");
        }
        open.endBody();
        assertThat(open.line()).isEmpty();
    }

    @Test
    void speaksTheFormsOfEveryStream() {
        var answer = client.post("/library/books:exchange", StreamClient.LINES, "{\"title\":\"a\"}\n{}\n");
        assertThat(answer.contentUtf8()).isEqualTo("[{\"title\":\"a\"},{}]");
        assertThat(client.post("/library/books:exchange", "application/json", "[{\"title\":\"a\"}]")
                        .contentUtf8())
                .isEqualTo("[{\"title\":\"a\"}]");
    }

    @Test
    void beginsItsAnswerForAClientWhoWaitsForIt() {
        var open = exchange("text/event-stream");
        assertThat(open.head().status().code()).isEqualTo(200);
        open.write("{\"title\":\"a\"}\n");
        assertThat(open.until("\n\n")).startsWith("retry: ");
        assertThat(open.until("\n\n")).isEqualTo("data: {\"title\":\"a\"}\n\n");
        open.endBody();
        assertThat(open.line()).isEmpty();
    }

    @Test
    void tellsALineThatIsWrongBehindWhatWasAnswered() throws InterruptedException {
        var open = exchange(StreamClient.LINES);
        open.write("{\"title\":\"a\"}\n");
        assertThat(open.line()).isEqualTo("{\"title\":\"a\"}\n");
        open.write("{\"title\":7}\n");
        assertThat(open.line())
                .startsWith("{\"@error\":{")
                .contains("\"reason\":\"INVALID_FIELD\"", "\"detail\":\"line 2: title: ", "\"field\":\"title\"");
        assertThat(open.line()).isEmpty();
        assertThat(edge.library.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo("ExchangeBooks");
    }

    @Test
    void refusesAFirstLineThatIsWrongAsAnOrdinaryError() {
        var answer = client.post("/library/books:exchange", StreamClient.LINES, "nothing\n");
        assertThat(answer.status().code()).isEqualTo(400);
        assertThat(answer.contentUtf8()).contains("MALFORMED_JSON", "line 1: ");
    }

    @Test
    void mayEndBeforeTheRequestDoes() {
        var open = exchange(StreamClient.LINES);
        open.write("{\"title\":\"a\"}\n");
        assertThat(open.line()).isEqualTo("{\"title\":\"a\"}\n");
        open.write("{\"title\":\"the end\"}\n");
        assertThat(open.line()).isEqualTo("{\"title\":\"the end\"}\n");
        assertThat(open.line()).isEmpty();
        open.leave();
    }

    @Test
    void endsWithTheDeadlineWhenItIsOver() throws InterruptedException {
        var open = client.open(client.headers(HttpMethod.POST, "/library/books:exchange")
                .set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES)
                .set(HttpHeaderNames.ACCEPT, StreamClient.LINES)
                .set("x-request-timeout", "500ms"));
        open.write("{\"title\":\"a\"}\n");
        assertThat(open.line()).isEqualTo("{\"title\":\"a\"}\n");
        assertThat(open.line()).startsWith("{\"@error\":{").contains("DEADLINE_EXCEEDED");
        open.leave();
        assertThat(edge.library.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo("ExchangeBooks");
    }

    @Test
    void sendsRawBytesBackAsTheyCome() {
        var open = client.open(
                client.headers(HttpMethod.POST, "/library/text:echo").set(HttpHeaderNames.CONTENT_TYPE, "text/x-log"));
        open.write("one\n");
        var head = open.head();
        assertThat(head.contentType()).hasToString("text/x-log");
        assertThat(open.line()).isEqualTo("one\n");
        open.write("two\n");
        assertThat(open.line()).isEqualTo("two\n");
        open.endBody();
        assertThat(open.line()).isEmpty();
    }
}
