package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.testing.ExpectedLog;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.SessionProtocol;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Raw bytes in and out, for any set of services, and files for unary rpcs.
@ParameterizedClass
@EnumSource(
        value = SessionProtocol.class,
        names = {"H1C", "H2C"})
class HttpBodyIT {
    @RegisterExtension
    @Order(1)
    static final ExpectedLog log = new ExpectedLog(
            "WARN AbstractHttpResponseSubscriber",
            "bank.platform.failure.FailureException: INTERNAL",
            "WARN Attempts /library.Library/");

    private static final String COVER = "/library/shelves/1/books/2/cover";
    private static final String BIND = "/library/shelves/1/books/2:bind";

    @RegisterExtension
    static final LibraryEdge edge =
            new LibraryEdge(Map.of("bank.edge.upload-bytes-max", "2000", "bank.edge.stream-bytes-max", "400000"));

    @Parameter
    SessionProtocol protocol;

    @AutoClose
    private StreamClient client;

    @BeforeEach
    void open() {
        client = edge.client(protocol);
    }

    private AggregatedHttpResponse put(String path, String type, String body) {
        return client.send(client.headers(HttpMethod.PUT, path).set(HttpHeaderNames.CONTENT_TYPE, type), body);
    }

    private static void assertProblem(AggregatedHttpResponse answer, int status, String reason, String detail) {
        assertThat(answer.contentUtf8()).contains("\"reason\":\"" + reason + "\"", detail);
        assertThat(answer.status().code()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cover", "binding"})
    void answersTheBytesWithTheirType(String what) {
        var answer = client.get("/library/shelves/1/books/2/" + what, "image/*");
        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.contentType()).hasToString("image/svg+xml");
        assertThat(answer.contentUtf8()).isEqualTo("<svg/>");
        var head = client.send(client.headers(HttpMethod.HEAD, "/library/shelves/1/books/2/" + what), "");
        assertThat(head.contentType()).hasToString("image/svg+xml");
        assertThat(head.content().isEmpty()).isTrue();
        assertProblem(client.get("/library/shelves/1/books/missing/" + what, "*/*"), 404, "NOT_FOUND", "404");
    }

    @Test
    void takesTheBytesWithTheirType() {
        assertThat(put(COVER, "image/png; q=x", "0123456789").contentUtf8())
                .isEqualTo("{\"count\":\"1\",\"bytes\":\"10\",\"said\":[\"image/png; q=x\"]}");
        assertThat(client.send(client.headers(HttpMethod.PUT, COVER), "").contentUtf8())
                .isEqualTo("{\"count\":\"1\",\"said\":[\"\"]}");
    }

    @Test
    void patchesBytesWithoutAMask() {
        var headers = client.headers(HttpMethod.PATCH, COVER).set(HttpHeaderNames.CONTENT_TYPE, "image/png");
        assertThat(client.send(headers, "0123456789").contentUtf8())
                .isEqualTo("{\"count\":\"1\",\"bytes\":\"10\",\"said\":[\"image/png\"]}");
    }

    @Test
    void holdsTheBytesToTheLimitOfUploads() {
        assertThat(put(COVER, "image/png", "x".repeat(2000)).contentUtf8()).contains("\"bytes\":\"2000\"");
        assertProblem(put(COVER, "image/png", "x".repeat(2001)), 413, "CONTENT_TOO_LARGE", "2000 bytes");
    }

    @Test
    void refusesWhatIsWrongBeforeItCalls() {
        assertProblem(
                put(COVER + "?cover.content_type=text/html", "image/png", "x"),
                400,
                "INVALID_FIELD",
                "set by both the body and the query");
        assertProblem(
                client.post("/library/text:echo?content_type=text/html", "image/png", "x"),
                400,
                "INVALID_FIELD",
                "content_type: set by both the body and the query");
        assertProblem(
                client.send(client.headers(HttpMethod.PUT, COVER).set("content-encoding", "gzip"), "x"),
                415,
                "MEDIA_TYPE",
                "content coding");
        assertProblem(
                client.send(
                        client.headers(HttpMethod.PUT, COVER)
                                .set("content-digest", "sha-256=:" + "A".repeat(43) + "=:"),
                        "x"),
                400,
                "DIGEST_MISMATCH",
                "Content-Digest");
        assertThat(edge.library.calls).isEmpty();
    }

    @Test
    void streamsTheBytesOut() {
        var answer = client.get("/library/shelves/1/text?count=3", "*/*");
        assertThat(answer.contentType()).hasToString("text/plain");
        assertThat(answer.contentUtf8()).isEqualTo("1\n2\n3\n");
        var head = client.send(client.headers(HttpMethod.HEAD, "/library/shelves/1/text?count=3"), "");
        assertThat(head.contentType()).hasToString("text/plain");
        assertThat(head.content().isEmpty()).isTrue();
        assertThat(client.get("/library/shelves/1/text?count=0", "*/*").status().code())
                .isEqualTo(200);
        assertProblem(client.get("/library/shelves/1/text?count=2&fail_before=1", "*/*"), 500, "INTERNAL", "");
    }

    @Test
    void breaksOffWhatTheServiceBreaksOff() {
        assertThatThrownBy(() -> client.get("/library/shelves/1/text?count=3&fail_before=2", "*/*"))
                .hasRootCauseInstanceOf(Exception.class)
                .hasMessageContaining("Exception");
    }

    @Test
    void streamsTheBytesInWithTheirTypeOnTheFirstChunk() {
        var answer = client.post("/library/shelves/1/books/2/text", "text/x-log", "Привет");
        assertThat(answer.contentUtf8())
                .startsWith("{\"count\":\"1\"")
                .contains("name: \\\"shelves/1/books/2\\\" cover { content_type: \\\"text/x-log\\\" data: ");
        var large = client.post("/library/shelves/1/books/2/text", "text/x-log", "x".repeat(300_000));
        assertThat(large.contentUtf8()).startsWith("{\"count\":\"3\"");
        var none = client.send(client.headers(HttpMethod.POST, "/library/shelves/1/books/2/text"), "");
        assertThat(none.contentUtf8()).contains("\"count\":\"1\"", "cover { }");
        assertProblem(
                client.post("/library/shelves/1/books/2/text", "text/x-log", "x".repeat(400_001)),
                413,
                "CONTENT_TOO_LARGE",
                "400000 bytes");
    }

    @Test
    void takesAFormForAUnaryRpc() {
        var form = new Multipart()
                .field("title", "Нос")
                .file("file", "нос.txt", "text".getBytes(StandardCharsets.UTF_8))
                .field("genre", "GENRE_NOVEL");
        var answer = client.post(BIND, Multipart.TYPE, form.finishedText());
        assertThat(answer.contentUtf8())
                .contains("name: \\\"shelves/1/books/2\\\" title: ", "genre: GENRE_NOVEL")
                .contains("header { file_name: ", "} text: \\\"text\\\"");
        var nested = client.post(
                BIND.replace(":bind", ":rebind"),
                Multipart.TYPE,
                new Multipart()
                        .file("file", "a.txt", new byte[] {'a'})
                        .field("pages", "7")
                        .finishedText());
        assertThat(nested.contentUtf8()).contains("name: \\\"shelves/1/books/2\\\" book { pages: 7 } text: \\\"a\\\"");
    }

    @Test
    void takesTheFileAloneForAUnaryRpc() {
        var answer = client.post(BIND + "?title=A&file_name=a.txt", "text/plain", "text");
        assertThat(answer.contentUtf8())
                .contains("title: \\\"A\\\" header { file_name: \\\"a.txt\\\" } text: \\\"text\\\"");
    }

    @Test
    void refusesFormsThatAreWrongBeforeItCalls() {
        byte[] file = {'x'};
        assertProblem(
                client.post(
                        BIND,
                        Multipart.TYPE,
                        new Multipart().field("name", "other").finishedText()),
                400,
                "INVALID_FIELD",
                "name: set by both the path and the form");
        assertProblem(
                client.post(
                        BIND,
                        Multipart.TYPE,
                        new Multipart().field("text", "eA==").finishedText()),
                400,
                "INVALID_FIELD",
                "text: set by both the body and the form");
        assertProblem(
                client.post(
                        BIND,
                        Multipart.TYPE,
                        new Multipart()
                                .file("file", "a", file)
                                .file("file", "b", file)
                                .finishedText()),
                400,
                "INVALID_FIELD",
                "file: given twice");
        assertProblem(
                client.post(
                        BIND,
                        Multipart.TYPE,
                        new Multipart().field("colour", "red").finishedText()),
                400,
                "INVALID_FIELD",
                "colour: unknown in the form");
        assertProblem(
                client.post(
                        BIND,
                        Multipart.TYPE,
                        new Multipart().file("file", "a", new byte[2000]).finishedText()),
                413,
                "CONTENT_TOO_LARGE",
                "2000 bytes");
        assertThat(edge.library.calls).isEmpty();
    }
}
