package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Server streams over HTTP, in each of their forms.
@ParameterizedClass
@EnumSource(
        value = SessionProtocol.class,
        names = {"H1C", "H2C"})
class StreamingIT {
    private static final String EVENTS = "text/event-stream";

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN Attempts /library.Library/");

    private static final String WATCH = "/library/shelves/1/books:watch";

    @RegisterExtension
    static final LibraryEdge edge =
            new LibraryEdge(Map.of("bank.edge.stream-heartbeat", "PT0.2S", "bank.edge.stream-retry", "PT7S"));

    @Parameter
    SessionProtocol protocol;

    @AutoClose
    private StreamClient client;

    @BeforeEach
    void open() {
        client = edge.client(protocol);
    }

    @Test
    void isOneArrayUnlessAskedOtherwise() {
        var answer = client.get(WATCH + "?count=3", "*/*");
        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo(MediaType.JSON);
        assertThat(answer.contentUtf8())
                .isEqualTo("[{\"name\":\"books/1\",\"pages\":\"1\"},{\"name\":\"books/2\",\"pages\":\"2\"},"
                        + "{\"name\":\"books/3\",\"pages\":\"3\"}]");
        var unasked = client.send(client.headers(HttpMethod.GET, WATCH + "?count=1"), "");
        assertThat(unasked.contentUtf8()).isEqualTo("[{\"name\":\"books/1\",\"pages\":\"1\"}]");
    }

    @ParameterizedTest
    @CsvSource({"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"})
    void isLinesWhenAskedFor(String type) {
        var answer = client.get(WATCH + "?count=2", type);
        assertThat(answer.contentType()).hasToString(type);
        assertThat(answer.headers().get("x-accel-buffering")).isEqualTo("no");
        assertThat(answer.contentUtf8())
                .isEqualTo("{\"name\":\"books/1\",\"pages\":\"1\"}\n{\"name\":\"books/2\",\"pages\":\"2\"}\n");
    }

    @Test
    void isEventsWhenAskedFor() {
        var answer = client.get(WATCH + "?count=2", EVENTS);
        assertThat(answer.contentType()).hasToString(EVENTS);
        assertThat(answer.headers().get("cache-control")).isEqualTo("no-store");
        assertThat(answer.contentUtf8())
                .isEqualTo("retry: 7000\n\ndata: {\"name\":\"books/1\",\"pages\":\"1\"}\n\n"
                        + "data: {\"name\":\"books/2\",\"pages\":\"2\"}\n\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json;q=0.5, text/event-stream | text/event-stream",
                "text/html, */*;q=0.1 | application/json",
                "application/*;q=0.2, application/x-ndjson;q=0.3 | application/x-ndjson",
            })
    void takesWhatTheClientLikesBest(String accept, String expected) {
        assertThat(client.get(WATCH + "?count=1", accept).contentType()).hasToString(expected);
    }

    @Test
    void refusesAFormItDoesNotHaveBeforeItCalls() {
        var answer = client.get(WATCH + "?count=1", "text/csv, application/json;q=0");
        assertThat(answer.status().code()).isEqualTo(406);
        assertThat(answer.contentUtf8()).contains("\"reason\":\"NOT_ACCEPTABLE\"", EVENTS, "application/x-ndjson");
        assertThat(edge.library.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"*/*, []", "application/x-ndjson, ''", "text/event-stream, 'retry: 7000\n\n'"})
    void canBeEmpty(String accept, String expected) {
        var answer = client.get(WATCH + "?count=0", accept);
        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.contentUtf8()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"*/*", "application/x-ndjson", "text/event-stream"})
    void isAnOrdinaryErrorWhenItFailsAtOnce(String accept) {
        var answer = client.get(WATCH + "?count=5&fail_before=1", accept);
        assertThat(answer.status().code()).isEqualTo(500);
        assertThat(answer.contentType()).hasToString("application/problem+json");
        assertThat(answer.contentUtf8()).contains("\"reason\":\"INTERNAL\"").doesNotContain("worm");
    }

    @Test
    void endsWithTheErrorWhenItFailsLater() {
        String first = "{\"name\":\"books/1\",\"pages\":\"1\"}";
        String problem = "\\{\"type\":\"/problems/internal\",.*\"status\":500,.*\"instance\":\"" + WATCH
                + "\",.*\"reason\":\"INTERNAL\",\"request_id\":\"[^\"]+\"}";
        assertThat(client.get(WATCH + "?count=5&fail_before=2", "*/*").contentUtf8())
                .matches("\\[\\Q" + first + "\\E,\\{\"@error\":" + problem + "}]");
        assertThat(client.get(WATCH + "?count=5&fail_before=2", StreamClient.LINES)
                        .contentUtf8())
                .matches("\\Q" + first + "\\E\n\\{\"@error\":" + problem + "}\n");
        assertThat(client.get(WATCH + "?count=5&fail_before=2", EVENTS).contentUtf8())
                .matches("retry: 7000\n\ndata: \\Q" + first + "\\E\n\nevent: error\ndata: " + problem + "\n\n");
    }

    @Test
    void endsWithTheDeadlineWhenItIsOver() {
        var answer = client.send(
                client.headers(HttpMethod.GET, "/library/shelves/silent/books:watch?count=2")
                        .set("x-request-timeout", "500ms"),
                "");
        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.contentUtf8())
                .startsWith("[{\"name\":\"books/1\",\"pages\":\"1\"},{\"name\":\"books/2\",\"pages\":\"2\"},")
                .contains("{\"@error\":{", "\"status\":504", "\"reason\":\"DEADLINE_EXCEEDED\"")
                .endsWith("}}]");
        var silent = client.send(
                client.headers(HttpMethod.GET, "/library/shelves/silent/books:watch?count=0")
                        .set("x-request-timeout", "100ms"),
                "");
        assertThat(silent.status().code()).isEqualTo(504);
    }

    @Test
    void sendsEachMessageWhenItComes() {
        var open = client.opened(client.headers(HttpMethod.GET, "/library/shelves/silent/books:watch?count=2")
                .set(HttpHeaderNames.ACCEPT, StreamClient.LINES));
        assertThat(open.head().status().code()).isEqualTo(200);
        assertThat(open.line()).contains("books/1");
        assertThat(open.line()).contains("books/2");
        open.leave();
    }

    /// Without what the server takes for a parameter, the path is that of an answer in one piece.
    @Test
    void aPathWithASemicolonIsNotGathered() {
        var open = client.opened(client.headers(HttpMethod.GET, "/library/titles/silent;a:watch?count=1")
                .set(HttpHeaderNames.ACCEPT, StreamClient.LINES));
        assertThat(open.line()).contains("books/1");
        open.leave();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-ndjson",
                "application/ndjson",
                "application/jsonl",
                "application/x-jsonlines",
                "application/jsonlines",
                "application/json",
            })
    void sendsEachMessageWhenItComesCompressedToo(String type) throws Exception {
        try (var web = HttpClient.newHttpClient()) {
            var answer = web.send(
                    edge.bank
                            .request("/library/shelves/silent/books:watch?count=2")
                            .header("Accept", type)
                            .header("Accept-Encoding", "gzip")
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
            try (var plain = new GZIPInputStream(answer.body())) {
                assertThat(element(plain)).contains("books/1");
                assertThat(element(plain)).contains("books/2");
            }
        }
    }

    /// Reads up to the end of an object, and no further.
    private static String element(InputStream in) throws IOException {
        var text = new StringBuilder();
        for (int next = in.read(); next >= 0; next = next == '}' ? -1 : in.read()) {
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void breaksTheSilenceOfEvents() {
        var open = client.opened(client.headers(HttpMethod.GET, "/library/shelves/silent/books:watch?count=1")
                .set(HttpHeaderNames.ACCEPT, EVENTS));
        assertThat(open.until("\n\n")).isEqualTo("retry: 7000\n\n");
        assertThat(open.until("\n\n")).startsWith("data: {");
        assertThat(open.until("\n\n")).isEqualTo(":\n\n");
        assertThat(open.until("\n\n")).isEqualTo(":\n\n");
        open.leave();
    }

    @Test
    void beginsEventsBeforeThereAreAny() {
        var open = client.opened(client.headers(HttpMethod.GET, "/library/shelves/silent/books:watch?count=0")
                .set(HttpHeaderNames.ACCEPT, EVENTS));
        assertThat(open.head().status().code()).isEqualTo(200);
        assertThat(open.until("\n\n")).isEqualTo("retry: 7000\n\n");
        assertThat(open.until("\n\n")).isEqualTo(":\n\n");
        open.leave();
    }

    @Test
    void answersHeadWithTheHeadersAlone() throws InterruptedException {
        var answer = client.send(
                client.headers(HttpMethod.HEAD, "/library/shelves/silent/books:watch?count=1")
                        .set(HttpHeaderNames.ACCEPT, StreamClient.LINES),
                "");
        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.contentType()).hasToString(StreamClient.LINES);
        assertThat(answer.content().isEmpty()).isTrue();
        assertThat(edge.library.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo("WatchBooks");
    }

    @Test
    void hasTheFieldThatIsTheBodyAlone() {
        var answer = client.send(
                client.headers(HttpMethod.POST, "/library/shelves/1/titles:watch")
                        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                        .set(HttpHeaderNames.ACCEPT, StreamClient.LINES),
                "{\"count\":2,\"length\":3}");
        assertThat(answer.contentUtf8()).isEqualTo("\"xxx\"\n\"xxx\"\n");
    }

    @Test
    void refusesWhatIsWrongBeforeItCalls() {
        assertThat(client.get(WATCH + "?count=many", "*/*").contentUtf8()).contains("INVALID_FIELD", "\"count\"");
        assertThat(client.get(WATCH + "?shelf=shelves/2", "*/*").contentUtf8())
                .contains("set by both the query and the path");
        assertThat(client.send(client.headers(HttpMethod.GET, WATCH), "x").contentUtf8())
                .contains("BODY_UNEXPECTED");
        assertThat(edge.library.calls).isEmpty();
    }

    @Test
    void gathersMessagesThatAreThereAtOnce() {
        var answer = client.get(WATCH + "?count=20000&length=10", StreamClient.LINES);
        assertThat(answer.contentUtf8().lines()).hasSize(20000).allMatch(line -> line.startsWith("{\"name\":\"books/"));
    }
}
