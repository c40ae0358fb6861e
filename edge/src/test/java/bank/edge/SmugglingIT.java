package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests whose end two servers may see at different places, and paths they may read differently.
class SmugglingIT {
    private static final String LOGIN =
            "POST /v1/auth/login HTTP/1.1\r\nHost: edge\r\nContent-Type: application/json\r\n";
    private static final String BODY = "{\"email\":\"a@b.test\",\"password\":\"p\"}";
    private static final String HIDDEN = "GET /healthz HTTP/1.1\r\nHost: edge\r\nX-Request-Id: hidden\r\n\r\n";

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank();
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    static Stream<Arguments> refused() {
        String chunked = LOGIN + "Transfer-Encoding: chunked\r\n\r\n";
        String length = LOGIN + "Content-Length: ";
        return Stream.of(
                shape("length and chunks", LOGIN + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                shape("chunks and length", LOGIN + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
                shape("two lengths", length + "0\r\nContent-Length: 5\r\n\r\n"),
                shape("a list of lengths", length + "0, 5\r\n\r\n"),
                shape("a signed length", length + "+0\r\n\r\n"),
                shape("a negative length", length + "-1\r\n\r\n"),
                shape("a hexadecimal length", length + "0x0\r\n\r\n"),
                shape("an empty length", length + "\r\n\r\n"),
                shape("a length of two words", length + "0 0\r\n\r\n"),
                shape("a length beyond numbers", length + "99999999999999999999\r\n\r\n"),
                shape("a space before the colon", LOGIN + "Content-Length : 0\r\n\r\n"),
                shape("an unknown coding", LOGIN + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                shape("chunked not last", LOGIN + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                shape(
                        "chunked twice",
                        LOGIN + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                shape("a coding behind a vertical tab", LOGIN + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                shape("chunks of HTTP/1.0", chunked.replace("HTTP/1.1", "HTTP/1.0") + "0\r\n\r\n"),
                shape("a folded coding", LOGIN + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
                shape("a folded length", LOGIN + "X-A:\r\n Content-Length: 5\r\n\r\n"),
                shape("bare line feeds", (LOGIN + "Content-Length: 0\r\n\r\n").replace("\r\n", "\n")),
                shape("a bare line feed between headers", LOGIN + "X-A: b\nContent-Length: 0\r\n\r\n"),
                shape(
                        "a bare carriage return in a header",
                        LOGIN + "X-A: b\rContent-Length: 5\r\nContent-Length: 0\r\n\r\n"),
                shape("a NUL in a header", LOGIN + "X-A: b\u0000c\r\nContent-Length: 0\r\n\r\n"),
                shape("a NUL in a name", LOGIN + "X-A\u0000: b\r\nContent-Length: 0\r\n\r\n"),
                shape("a hexadecimal prefix of a chunk", chunked + "0x0\r\n\r\n"),
                shape("a signed chunk", chunked + "+0\r\n\r\n"),
                shape("a negative chunk", chunked + "-1\r\n\r\n"),
                shape("a chunk beyond numbers", chunked + "fffffffffffffffff\r\n"),
                shape("a chunk without a size", chunked + "\r\n\r\n"),
                shape("a chunk ended by a line feed", chunked + "2\n{}\n0\n\n"),
                shape("a chunk longer than its size", chunked + "1\r\n{}\r\n0\r\n\r\n"),
                shape(
                        "a space in the request line",
                        (LOGIN + "Content-Length: 0\r\n\r\n").replace(" /v1/", "  /v1/ ")));
    }

    private static Arguments shape(String name, String bytes) {
        return Arguments.of(name, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedAndTheConnectionClosed(String name, String bytes) throws Exception {
        try (var connection = new RawHttp(bank.edge.port())) {
            connection.send(bytes + HIDDEN);
            var answer = connection.receive();
            var next = answer == null ? null : connection.receive();
            if (answer != null) {
                assertThat(answer.status()).as(answer.body()).isEqualTo(400);
                assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            }
            assertThat(next).isNull();
        }
    }

    static Stream<Arguments> understood() {
        String chunked = LOGIN + "Transfer-Encoding: chunked\r\n\r\n";
        String size = Integer.toHexString(BODY.length());
        return Stream.of(
                shape("a length", LOGIN + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY),
                shape("chunks", chunked + size + "\r\n" + BODY + "\r\n0\r\n\r\n"),
                shape("an extension of a chunk", chunked + size + ";a=\"b\"\r\n" + BODY + "\r\n0\r\n\r\n"),
                shape("trailers", chunked + size + "\r\n" + BODY + "\r\n0\r\nContent-Length: 999\r\n\r\n"),
                shape("zeros before a chunk's size", chunked + "000" + size + "\r\n" + BODY + "\r\n0\r\n\r\n"));
    }

    /// What is read in the way the standard allows, so that the next request begins where it should.
    static Stream<Arguments> inStep() {
        return Stream.of(
                shape("a folded header", LOGIN + "X-A: b\r\n Content-Length: 5\r\nContent-Length: 0\r\n\r\n"),
                shape("two codings", LOGIN + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                shape("two hosts", LOGIN + "Host: other\r\nContent-Length: 0\r\n\r\n"),
                shape("no host", LOGIN.replace("Host: edge\r\n", "") + "Content-Length: 0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inStep")
    void staysInStep(String name, String bytes) throws Exception {
        try (var connection = new RawHttp(bank.edge.port())) {
            connection.send(bytes + HIDDEN);

            assertThat(connection.receive())
                    .isNotNull()
                    .extracting(RawHttp.Answer::status)
                    .isEqualTo(400);
            assertThat(connection.receive())
                    .isNotNull()
                    .extracting(answer -> answer.header("x-request-id"))
                    .isEqualTo("hidden");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("understood")
    void isUnderstoodAndTheNextRequestToo(String name, String bytes) throws Exception {
        try (var connection = new RawHttp(bank.edge.port())) {
            connection.send(bytes + HIDDEN);

            assertThat(connection.receive())
                    .isNotNull()
                    .extracting(RawHttp.Answer::status)
                    .isEqualTo(200);
            assertThat(connection.receive())
                    .isNotNull()
                    .extracting(answer -> answer.header("x-request-id"))
                    .isEqualTo("hidden");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/users/../abs/documents/789",
                "/v1/users/%2e%2e/abs/documents/789",
                "/v1/users/%2E./abs/documents/789",
                "/v1/users/..%2fabs/documents/789",
                "/v1/users/..%5cabs/documents/789",
                "/v1/./abs/documents/789",
                "/v1/%2e/abs/documents/789",
                "//v1/abs/documents/789",
                "/v1//abs/documents/789",
                "/v1/abs/documents//789",
                "/v1/abs/documents/789/",
                "/v1/abs%2Fdocuments/789",
                "/v1/abs/documents%2F789",
                "/v1;a=b/abs/documents/789",
                "/v1/abs/documents/789;a=b",
                "/v1/abs/documents/789%3Ba=b",
                "/v1/abs/documents/789%00",
                "/v1/abs/documents/789%2F..%2F790",
                "/v1/abs/documents/%c0%ae",
                "/V1/abs/documents/789",
                "/v1/abs/documents/789#x"
            })
    void noOtherPathMeansTheSame(String path) throws Exception {
        try (var connection = new RawHttp(bank.edge.port())) {
            connection.send("GET " + path + " HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer " + bank.tokens.client()
                    + "\r\n\r\n");
            var answer = connection.receive();

            assertThat(answer).isNotNull();
            assertThat(answer.status()).isIn(400, 404);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 34, 36, 1_000})
    void http2StreamsOfAnotherLengthThanDeclaredAreReset(int declared) throws Exception {
        assertThat(login(declared).type()).isEqualTo(RawHttp2.RST_STREAM);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 200})
    void upgradesToHttp2AreIgnored(int firstBytes) throws Exception {
        String asking = "GET /healthz HTTP/1.1\r\nHost: edge\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\nUpgrade: h2c\r\n\r\n";
        try (var connection = new RawHttp(bank.edge.port())) {
            int first = Math.min(firstBytes, asking.length());
            connection.send(asking.substring(0, first));
            connection.send(asking.substring(first));
            var answer = connection.receive();
            connection.send(HIDDEN);
            var next = connection.receive();

            assertThat(answer).isNotNull();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).doesNotContainKey("upgrade");
            assertThat(next).isNotNull();
            assertThat(next.header("x-request-id")).isEqualTo("hidden");
        }
    }

    @Test
    void http2StreamsOfTheDeclaredLengthAreAnswered() throws Exception {
        assertThat(login(BODY.length()).status()).isEqualTo(200);
    }

    private static RawHttp2.Frame login(int declared) throws Exception {
        try (var connection = new RawHttp2(bank.edge.port())) {
            connection.headers(
                    RawHttp2.END_HEADERS,
                    1,
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":path",
                    "/v1/auth/login",
                    ":authority",
                    "edge",
                    "content-type",
                    "application/json",
                    "content-length",
                    Integer.toString(declared));
            connection.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, BODY.getBytes(StandardCharsets.US_ASCII));
            var frame = connection.receive();
            assertThat(frame).isNotNull();
            return frame;
        }
    }

    @ParameterizedTest
    @CsvSource({"transfer-encoding,chunked", "connection,close", "'a b',x", "x-a,'b\nc: d'"})
    void http2HeadersOfAnotherProtocolAreRefused(String name, String value) throws Exception {
        try (var connection = new RawHttp2(bank.edge.port())) {
            connection.headers(
                    RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                    1,
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":path",
                    "/healthz",
                    ":authority",
                    "edge",
                    name,
                    value);

            var frame = connection.receive();
            assertThat(frame).isNotNull();
            assertThat(frame.type()).isIn(RawHttp2.RST_STREAM, RawHttp2.GOAWAY);
        }
    }

    @Test
    void decodesUnreservedCharacters() throws Exception {
        try (var connection = new RawHttp(bank.edge.port())) {
            connection.send("GET /v1/%61bs/documents/7%389 HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer "
                    + bank.tokens.client() + "\r\n\r\n");

            assertThat(connection.receive())
                    .isNotNull()
                    .extracting(RawHttp.Answer::status)
                    .isEqualTo(200);
        }
    }
}
