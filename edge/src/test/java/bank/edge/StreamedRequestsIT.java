package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

/// Client streams from lines and arrays of JSON.
@ParameterizedClass
@EnumSource(
        value = SessionProtocol.class,
        names = {"H1C", "H2C"})
class StreamedRequestsIT {
    private static final String IMPORT = "/library/shelves/1/books:import";
    private static final int LINE_BYTES_MAX = 1000;

    @RegisterExtension
    static final LibraryEdge edge =
            new LibraryEdge(Map.of("bank.edge.json-bytes-max", "1000", "bank.edge.stream-bytes-max", "20000"));

    @Parameter
    SessionProtocol protocol;

    @AutoClose
    private StreamClient client;

    @BeforeEach
    void open() {
        client = edge.client(protocol);
    }

    private AggregatedHttpResponse lines(String body) {
        return client.post(IMPORT, StreamClient.LINES, body);
    }

    private static void assertProblem(AggregatedHttpResponse answer, int status, String reason, String detail) {
        assertThat(answer.contentUtf8()).contains("\"reason\":\"" + reason + "\"", detail);
        assertThat(answer.status().code()).isEqualTo(status);
    }

    private static void assertCancelled() throws InterruptedException {
        assertCancelled("ImportBooks");
    }

    private static void assertCancelled(String rpc) throws InterruptedException {
        assertThat(edge.library.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo(rpc);
    }

    @Test
    void makesAMessageOfEachLineWithThePathAndTheQueryInEach() {
        var answer = client.post(
                IMPORT + "?dry=true",
                StreamClient.LINES,
                "{\"title\":\"Нос\"}\n{\"title\":\"Вий\",\"pages\":\"40\"}\n");
        assertThat(answer.status().code()).as(answer.contentUtf8()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo(MediaType.JSON);
        assertThat(answer.contentUtf8())
                .startsWith("{\"count\":\"2\"")
                .contains("parent: \\\"shelves/1\\\" book { title: \\\"\\\\320\\\\235")
                .contains("pages: 40 } dry: true")
                .containsPattern("parent: .* dry: true\",\"parent: .* dry: true\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}\n{}\n", "{}\n{}", "{}\r\n{}\r\n", "\n\n{}\n \t\r\n{}\n\n", " {} \n{}\n   "})
    void takesLineEndsAsTheyCome(String body) {
        assertThat(lines(body).contentUtf8()).contains("\"count\":\"2\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "application/jsonl; charset=utf-8", "application/ndjson"})
    void knowsLinesByTheirNames(String type) {
        assertThat(client.post(IMPORT, type, "{}\n{}").contentUtf8()).contains("\"count\":\"2\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{},{\"title\":\"[,]\\\"\"}] | 2",
                "' [ {} , {} , {\"author_names\":[\"a\",\"b\"]} ] \n' | 3",
                "[] | 0",
                "' [ ] ' | 0",
                "'' | 0",
            })
    void takesAnArrayToo(String body, int count) {
        var answer = client.post(IMPORT, "application/json", body);
        assertThat(answer.contentUtf8()).startsWith(count == 0 ? "{}" : "{\"count\":\"" + count + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{},{}{}] | element 2: the body is no JSON: goes on after its end at line 1, column 7",
                "[{},] | element 2: an element is missing at line 1, column 5",
                "[{},,{}] | element 2: an element is missing at line 1, column 5",
                "[{},{} | element 2: the array is not closed at line 1, column 7",
                "[{},{}] x | element 2: something follows the array at line 1, column 9",
                "[{},{}][] | element 2: something follows the array at line 1, column 8",
                "[{},{]} | element 2: the array is not closed at line 1, column 8",
                "'[{\"title\":\"Нос\"}, {1}]' | element 2: the body is no JSON: expected the name of a member at line 1, column 20",
                "'\n [ {},\n  {\n  \"pages\": no} ]' | element 2: the body is no JSON: expected a value at line 4, column 12",
            })
    void refusesWhatIsNoArray(String body, String detail) throws InterruptedException {
        assertProblem(client.post(IMPORT, "application/json", body), 400, "MALFORMED_JSON", detail + "\"");
        assertCancelled();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{}\n{}\n\n{\"title\"\n' | MALFORMED_JSON | line 4: the body is no JSON: ends too early: expected : at line 4, column 9\"",
                "'{}\n{} {}\n' | MALFORMED_JSON | line 2: the body is no JSON: goes on after its end at line 2, column 4\"",
                "'{}\n]' | MALFORMED_JSON | line 2: the body is no JSON: expected a value at line 2, column 1\"",
                "'{}\n{\"pages\":\"many\"}\n' | INVALID_FIELD | line 2: book.pages: ",
                "'{}\n{\"colour\":1}\n' | INVALID_FIELD | line 2: book.colour: ",
            })
    void refusesALineThatIsWrongAndCancelsTheCall(String body, String reason, String detail)
            throws InterruptedException {
        assertProblem(lines(body), 400, reason, "\"detail\":\"" + detail);
        assertCancelled();
    }

    @Test
    void namesTheFieldOfAnElementThatIsWrong() {
        String wrong = "{\"pages\":\"many\"}";
        assertThat(lines("{}\n" + wrong).contentUtf8())
                .contains("\"detail\":\"line 2: book.pages: ", "\"errors\":[{\"field\":\"book.pages\"");
        assertThat(client.post(IMPORT, "application/json", "[{},\n\n" + wrong + "]")
                        .contentUtf8())
                .contains("\"detail\":\"element 2: book.pages: ", "\"errors\":[{\"field\":\"book.pages\"");
    }

    @Test
    void refusesAFirstElementThatIsWrong() {
        assertProblem(
                client.post(IMPORT, "application/json", "{}"), 400, "MALFORMED_JSON", "the body: expected an array");
        assertProblem(client.post(IMPORT, "application/json", "[,]"), 400, "MALFORMED_JSON", "element 1: an element");
        assertProblem(lines("\ufeff{}\n"), 400, "MALFORMED_JSON", "line 1: ");
    }

    @Test
    void holdsEachLineToTheLimit() throws InterruptedException {
        String fits = "{\"title\":\"" + "x".repeat(LINE_BYTES_MAX - 12) + "\"}";
        assertThat(fits).hasSize(LINE_BYTES_MAX);
        assertThat(lines("{}\n" + fits + "\n" + fits).contentUtf8()).contains("\"count\":\"3\"");
        assertProblem(lines("{}\n" + fits + " \n"), 413, "CONTENT_TOO_LARGE", "line 2: longer than 1000 bytes");
        assertCancelled();
        assertThat(client.post(IMPORT, "application/json", "[{}," + fits + "]").contentUtf8())
                .contains("\"count\":\"2\"");
        String over = "[{}," + fits.replace(":", ": ") + "]";
        assertProblem(client.post(IMPORT, "application/json", over), 413, "CONTENT_TOO_LARGE", "element 2: longer");
        assertCancelled();
    }

    @Test
    void holdsTheWholeToTheLimit() {
        String line = "{\"title\":\"" + "x".repeat(987) + "\"}\n";
        assertThat(line).hasSize(LINE_BYTES_MAX);
        assertThat(lines(line.repeat(20)).contentUtf8()).contains("\"count\":\"20\"");
        assertProblem(lines(line.repeat(20) + "\n"), 413, "CONTENT_TOO_LARGE", "the body is larger than 20000 bytes");
        var open = client.open(
                client.headers(HttpMethod.POST, IMPORT).set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES));
        open.write(line.repeat(20));
        open.write("\n");
        assertThat(open.head().status().code()).isEqualTo(413);
        open.leave();
    }

    @Test
    void setsNoFieldTwice() throws InterruptedException {
        assertProblem(
                client.post(IMPORT + "?book.title=A", StreamClient.LINES, "{}\n{\"title\":\"B\"}\n"),
                400,
                "INVALID_FIELD",
                "line 2: book.title: set by both the body and the query");
        assertCancelled();
        assertProblem(
                client.post(IMPORT + "?parent=shelves/2", StreamClient.LINES, "{}\n"),
                400,
                "INVALID_FIELD",
                "parent: set by both the query and the path");
    }

    @Test
    void derivesAMaskOfEachLine() throws InterruptedException {
        var headers = client.headers(HttpMethod.PATCH, "/library/books:amend")
                .set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES);
        assertThat(client.send(headers, "{\"title\":\"A\"}\n{\"pages\":\"1\"}\n")
                        .contentUtf8())
                .contains("update_mask { paths: \\\"title\\\" }", "update_mask { paths: \\\"pages\\\" }");
        assertProblem(
                client.send(headers, "{\"title\":\"A\"}\n{}\n"),
                400,
                "INVALID_FIELD",
                "line 2: update_mask: names nothing to change");
        assertCancelled("AmendBooks");
    }

    @Test
    void refusesWhatIsWrongBeforeItCalls() {
        assertProblem(client.post(IMPORT, "text/csv", "{}"), 415, "MEDIA_TYPE", "application/x-ndjson");
        assertProblem(client.post(IMPORT, "application/x-ndjson; charset=utf-16", "{}"), 415, "MEDIA_TYPE", "in UTF-8");
        assertProblem(client.send(client.headers(HttpMethod.POST, IMPORT), "{}"), 415, "MEDIA_TYPE", "x-ndjson");
        assertProblem(
                client.post(IMPORT + "?dry=perhaps", StreamClient.LINES, "{}"),
                400,
                "INVALID_FIELD",
                "\"detail\":\"dry:");
        assertProblem(
                client.send(
                        client.headers(HttpMethod.POST, IMPORT)
                                .set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES)
                                .set(HttpHeaderNames.ACCEPT, "text/html"),
                        "{}"),
                406,
                "NOT_ACCEPTABLE",
                "application/json");
        assertThat(edge.library.calls).isEmpty();
    }

    @Test
    void takesNoLinesAtAll() {
        assertThat(client.send(client.headers(HttpMethod.POST, IMPORT), "").contentUtf8())
                .isEqualTo("{}");
    }

    @Test
    void comparesTheBodyWithItsDigest() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest("{}\n{}".getBytes(StandardCharsets.UTF_8));
        var headers = client.headers(HttpMethod.POST, IMPORT)
                .set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES)
                .set("content-digest", "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":");
        assertThat(client.send(headers, "{}\n{}").contentUtf8()).contains("\"count\":\"2\"");
        assertProblem(client.send(headers, "{}\n{}\n"), 400, "DIGEST_MISMATCH", "Content-Digest");
        assertCancelled();
    }

    @Test
    void endsAtTheDeadline() throws InterruptedException {
        var open = client.open(client.headers(HttpMethod.POST, IMPORT)
                .set(HttpHeaderNames.CONTENT_TYPE, StreamClient.LINES)
                .set("x-request-timeout", "300ms"));
        open.write("{}\n");
        assertThat(open.head().status().code()).isEqualTo(504);
        open.leave();
        assertCancelled();
    }
}
