package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionIT {
    private static final String PATH = "/v1/abs/documents/789";

    private static final HttpClient web = HttpClient.newHttpClient();
    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank(Map.of("bank.edge.compression.bytes-min", "1"));
    }

    @AfterAll
    static void stop() {
        web.close();
        bank.close();
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return web.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder get(TestBank bank, String accepted) {
        return bank.request(PATH).header("X-Request-Id", "req-1").header("Accept-Encoding", accepted);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return String.join(", ", answer.headers().allValues(name));
    }

    private static String text(HttpResponse<byte[]> answer) throws Exception {
        var body = new ByteArrayInputStream(answer.body());
        try (InputStream plain = switch (header(answer, "content-encoding")) {
            case "gzip" -> new GZIPInputStream(body);
            case "br" -> new BrotliInputStream(body);
            default -> body;
        }) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "`gzip`;gzip",
                "`br`;br",
                "`gzip;q=0.5, br;q=0.9`;br",
                "`gzip;q=0.9, br;q=0.5`;gzip",
                "`br;q=0, *`;gzip",
                "`gzip;q=0, br;q=0.0`;``",
                "`deflate, zstd`;``",
                "`identity`;``",
                "`identity;q=1, gzip;q=0.5`;``",
                "`*;q=0`;``",
                "``;``"
            })
    void followsTheClientsWeights(String accepted, String coding) throws Exception {
        var answer = send(get(bank, accepted));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "content-encoding")).isEqualTo(coding);
        assertThat(header(answer, "vary")).isEqualToIgnoringCase("Accept-Encoding");
        assertThat(text(answer)).contains("\"id\":789", "\"description\":\"req-1\"");
        assertThat(header(answer, "etag")).isEqualTo(coding.isEmpty() ? "\"3\"" : "\"3-" + coding + "\"");
    }

    @Test
    void compressesFromTheConfiguredLengthOn() throws Exception {
        int length = send(get(bank, "identity")).body().length;
        try (var same = new TestBank(Map.of("bank.edge.compression.bytes-min", Integer.toString(length)));
                var more = new TestBank(Map.of("bank.edge.compression.bytes-min", Integer.toString(length + 1)));
                var off = new TestBank(
                        Map.of("bank.edge.compression.enabled", "false", "bank.edge.compression.bytes-min", "1"))) {
            assertThat(header(send(get(same, "gzip")), "content-encoding")).isEqualTo("gzip");
            var kept = send(get(more, "gzip"));
            assertThat(header(kept, "content-encoding")).isEmpty();
            assertThat(header(kept, "etag")).isEqualTo("\"3\"");
            assertThat(header(kept, "vary")).isEqualToIgnoringCase("Accept-Encoding");
            assertThat(header(send(get(off, "gzip")), "content-encoding")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "`\"3-gzip\"`;`\"3-gzip\"`",
                "`W/\"3-gzip\"`;`\"3-gzip\"`",
                "`\"3\"`;`\"3\"`",
                "`\"1\", \"3-br\"`;`\"3-br\"`"
            })
    void knowsTheEntityTagOfACompressedAnswer(String tags, String told) throws Exception {
        var answer = send(get(bank, "gzip").header("If-None-Match", tags));

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(header(answer, "etag")).isEqualTo(told);
        assertThat(header(answer, "vary")).isEqualToIgnoringCase("Accept-Encoding");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void passesTheTagOfACompressedAnswerOnAsTheResourcesOwn() throws Exception {
        var request = bank.request("/v1/abs/documents/5/status")
                .header("Content-Type", "application/json")
                .header("If-Match", "\"old-gzip\"")
                .PUT(BodyPublishers.ofString("{\"status\":\"archived\"}"));
        request.setHeader("Authorization", "Bearer " + bank.tokens.employee());

        assertThat(send(request).statusCode()).isEqualTo(412);
    }

    @Test
    void compressesFailures() throws Exception {
        var answer = send(bank.request("/v1/nowhere").header("Accept-Encoding", "gzip"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(header(answer, "content-encoding")).isEqualTo("gzip");
        assertThat(text(answer)).contains("ROUTE_NOT_FOUND");
    }

    @Test
    void answersHeadAsGet() throws Exception {
        var answer = send(get(bank, "gzip").method("HEAD", BodyPublishers.noBody()));

        assertThat(header(answer, "etag")).isEqualTo("\"3-gzip\"");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void leavesContentsAsTheyAreStored() throws Exception {
        var whole = send(bank.request("/v1/dbo/documents/5/content").header("Accept-Encoding", "gzip, br"));
        assertThat(header(whole, "content-encoding")).isEmpty();
        assertThat(whole.body()).isEqualTo(TestDocumentService.CONTENT);
        assertThat(header(whole, "etag")).isEqualTo("\"sha-256:abc\"");
        assertThat(header(whole, "content-length")).isEqualTo(Integer.toString(TestDocumentService.CONTENT.length));
        var range = send(bank.request("/v1/dbo/documents/5/content")
                .header("Range", "bytes=0-3")
                .header("Accept-Encoding", "gzip, br"));
        assertThat(range.statusCode()).isEqualTo(206);
        assertThat(new String(range.body(), StandardCharsets.US_ASCII)).isEqualTo("%PDF");
    }

    @Test
    void leavesTokensUncompressed() throws Exception {
        var answer = send(HttpRequest.newBuilder(bank.uri("/v1/auth/login"))
                .header("Accept-Encoding", "gzip, br")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"email\":\"a@b.test\",\"password\":\"p\"}")));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "content-encoding")).isEmpty();
        assertThat(text(answer)).contains("access_token");
    }

    @Test
    void leavesGrpcAlone() throws Exception {
        var answer = send(bank.request("/bank.v1.DocumentReviewService/GetDocument")
                .header("Accept-Encoding", "gzip")
                .header("Content-Type", "application/grpc-web")
                .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));

        assertThat(header(answer, "content-encoding")).isEmpty();
        assertThat(answer.body()[0]).isZero();
    }
}
