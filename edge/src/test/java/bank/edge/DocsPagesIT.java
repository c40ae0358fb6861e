package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import com.linecorp.armeria.server.Server;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocsPagesIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ERROR DocsPages there is no OpenAPI document");

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank();
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    /// A request by somebody who is not signed in.
    private static HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(bank.uri(path));
    }

    private static HttpResponse<String> get(String path, String... headers) {
        var request = anonymous(path);
        return bank.send(headers.length == 0 ? request : request.headers(headers));
    }

    @ParameterizedTest
    @CsvSource({
        "/openapi.json, application/json, \"openapi\" : \"3.1.1\"",
        "/openapi.yaml, application/yaml, openapi: \"3.1.1\"",
        "/docs/, text/html; charset=utf-8, <title>bank: the API</title>",
        "/docs/docs.js, text/javascript; charset=utf-8, /openapi.json",
        "/docs/docs.css, text/css; charset=utf-8, margin",
        "/docs/swagger-ui.js, text/javascript; charset=utf-8, SwaggerUIBundle",
        "/docs/swagger-ui.css, text/css; charset=utf-8, .swagger-ui",
    })
    void servesEverybody(String path, String type, String text) {
        var answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue(type);
        assertThat(answer.body()).contains(text);
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/docs/"})
    void isNotSentAgainToOneWhoHasIt(String path) {
        var etag = get(path).headers().firstValue("etag").orElseThrow();

        var again = get(path, "If-None-Match", "\"other\", W/" + etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("etag")).hasValue(etag);
        assertThat(get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void isCompressedForOneWhoTakesIt() throws Exception {
        var plain = get("/openapi.json");
        try (var web = HttpClient.newHttpClient()) {
            var answer = web.send(
                    anonymous("/openapi.json")
                            .header("Accept-Encoding", "br, gzip;q=0.5")
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
            assertThat(answer.headers().firstValue("vary")).hasValue("Accept-Encoding");
            assertThat(answer.headers().firstValue("etag"))
                    .isNotEqualTo(plain.headers().firstValue("etag"));
            try (var gzip = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
                assertThat(new String(gzip.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(plain.body());
            }
        }
        assertThat(get("/openapi.json", "Accept-Encoding", "gzip;q=0").headers().firstValue("content-encoding"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/openapi.yaml", "/docs/", "/docs/swagger-ui.js", "/docs/swagger-ui.css"})
    void isNotCompressedAnewForAnyone(String path) {
        var plain = get(path);
        for (String accepted : List.of("br", "br, gzip;q=0", "*", "*;q=0.5, identity;q=0.1")) {
            var answer = get(path, "Accept-Encoding", accepted);

            assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
            assertThat(answer.headers().firstValue("etag"))
                    .isEqualTo(plain.headers().firstValue("etag"));
            assertThat(answer.headers().allValues("vary")).containsExactly("Accept-Encoding");
            assertThat(answer.headers().firstValue("content-length"))
                    .isEqualTo(plain.headers().firstValue("content-length"));
            assertThat(answer.body()).isEqualTo(plain.body());
        }
    }

    @ParameterizedTest
    @CsvSource({"/openapi.json, gzip", "/openapi.yaml, gzip", "/docs/, gzip"})
    void hasATagForEachCoding(String path, String coding) {
        String plain = get(path).headers().firstValue("etag").orElseThrow();
        String coded = plain.substring(0, plain.length() - 1) + "-" + coding + "\"";

        assertThat(get(path, "Accept-Encoding", coding).headers().firstValue("etag"))
                .hasValue(coded);
        var again = get(path, "Accept-Encoding", coding, "If-None-Match", coded);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.headers().firstValue("etag")).hasValue(coded);
    }

    @Test
    void hasATagForGzipWhereAnswersAreNotCompressed() {
        try (var off = new TestBank(Map.of("bank.edge.compression.enabled", "false"))) {
            var request = HttpRequest.newBuilder(off.uri("/openapi.json")).header("Accept-Encoding", "gzip");
            String etag = off.send(request).headers().firstValue("etag").orElseThrow();

            assertThat(etag).endsWith("-gzip\"");
            assertThat(off.send(request.header("If-None-Match", etag)).statusCode())
                    .isEqualTo(304);
        }
    }

    @Test
    void headIsGetWithoutTheBody() {
        var answer = bank.send(anonymous("/openapi.json").method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("content-length"))
                .hasValue(get("/openapi.json").body().getBytes(StandardCharsets.UTF_8).length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.json", "/openapi.yaml", "/docs", "/docs/"})
    void takesNoOtherMethod(String path) {
        var answer = bank.send(anonymous(path).POST(BodyPublishers.ofString("{}")));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD, OPTIONS");
        assertThat(answer.body()).contains("METHOD_NOT_ALLOWED");
    }

    @Test
    void leadsToThePage() {
        var answer = get("/docs");

        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("location")).hasValue("/docs/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs/other", "/docs/docs.js/x", "/docs/index.html"})
    void knowsNothingElse(String path) {
        assertThat(get(path).statusCode()).isEqualTo(404);
        assertThat(get(path).body()).contains("ROUTE_NOT_FOUND");
    }

    @Test
    void saysInTheLogAsItStartsWhyThereAreNone() {
        var docs = new DocsPages(() -> {
            throw new IllegalArgumentException("GET /odd (/odd.Odd/Do): cannot be described by OpenAPI");
        });
        var server = docs.addTo(Server.builder(), Function.identity()).build();
        server.start().join();
        try {
            docs.start();
            for (var path : List.of("/openapi.json", "/docs/")) {
                var answer = bank.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.activeLocalPort() + path)));
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).contains("\"reason\":\"INTERNAL\"").doesNotContain("odd");
            }
        } finally {
            server.stop().join();
        }
        assertThat(log.lines()).singleElement().asString().contains("GET /odd (/odd.Odd/Do): cannot be described");
    }

    @Test
    void thePageReachesNothingButThisServer() {
        var answer = get("/docs/");

        assertThat(answer.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains(
                                "default-src 'none'",
                                "script-src 'self'",
                                "connect-src 'self'",
                                "frame-ancestors 'none'")
                        .doesNotContain("unsafe", "http", "*"));
        assertThat(answer.body()).doesNotContain("http:", "https:", "//", "<style", "onload");
    }
}
