package bank.edge;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.testing.ServiceProcess;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.GetDocumentRequest;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.nimbusds.jose.JOSEException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The access log in JSON as operators read it: what a process of the edge writes by the configuration of
/// the log that comes with it.
class AccessLogIT {
    private static final Duration LINE_TIME_MAX = Duration.ofSeconds(20);
    private static final Set<String> ALWAYS = Set.of(
            "time",
            "method",
            "path",
            "protocol",
            "status",
            "grpc_status",
            "duration_ms",
            "request_bytes",
            "response_bytes",
            "request_id");
    private static final Set<String> SOMETIMES = Set.of("rpc", "reason", "cause", "trace_id");
    private static final ObjectReader STRICT = new ObjectMapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static TestBank bank;
    private static ServiceProcess edge;
    private static int port;

    /// How many requests were sent, at most.
    private static int sent;

    @BeforeAll
    static void start() {
        bank = new TestBank();
        edge = ServiceProcess.ofMain(Main.class)
                .jvmOption("-Dlogback.configurationFile=logback.xml")
                .environment("BANK_EDGE_PORT", "0")
                .environment("BANK_EDGE_UPSTREAMS_IDENTITY", bank.services())
                .environment("BANK_EDGE_UPSTREAMS_DOCUMENT", bank.services())
                .environment("BANK_EDGE_UPSTREAMS_CONTRACT", bank.services())
                .environment("BANK_EDGE_UPSTREAMS_REGISTRY", bank.services())
                .environment("BANK_EDGE_TOKENS_ISSUER", TestTokens.ISSUER)
                .environment("BANK_EDGE_ACCESS_LOG", "json")
                .start();
        String ready = edge.awaitLine(line -> line.startsWith("ready "), Duration.ofSeconds(60));
        port = URI.create("http://" + ready.substring("ready ".length())).getPort();
    }

    @AfterAll
    static void stop() {
        edge.close();
        bank.close();
    }

    /// Sends a request and a well-behaved one after it.
    ///
    /// @param head of the request, without its end
    /// @param last id of the request after it, whose line is awaited
    /// @return the first one's status; 0 when it was not answered
    private static int send(String head, String last) throws IOException {
        int status;
        try (var client = new RawHttp(port)) {
            client.send(head + "\r\n\r\n");
            var answer = client.receive();
            status = answer == null ? 0 : answer.status();
        }
        try (var client = new RawHttp(port)) {
            client.send("GET /healthz HTTP/1.1\r\nHost: edge\r\nX-Request-Id: " + last + "\r\n\r\n");
            assertThat(client.receive()).isNotNull();
        }
        awaitLine(last);
        sent += 2;
        return status;
    }

    private static void awaitLine(String id) throws IOException {
        edge.awaitLine(line -> line.contains("\"request_id\":\"" + id + "\""), LINE_TIME_MAX);
    }

    private static String head(String target, String id) {
        return "GET " + target + " HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nX-Request-Id: " + id
                + "\r\nAuthorization: Bearer " + bank.tokens.client();
    }

    /// The lines by the id of their request.
    private static Map<String, JsonNode> lines() {
        var lines = new TreeMap<String, JsonNode>();
        for (String line : edge.output()) {
            if (line.startsWith("{")) {
                JsonNode json = parsed(line);
                assertThat(lines.put(json.path("request_id").asText(), json))
                        .as("a second line of a request: %s", line)
                        .isNull();
            }
        }
        return lines;
    }

    private static JsonNode parsed(String line) {
        try {
            return STRICT.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("not one JSON object: " + line, e);
        }
    }

    private static List<String> names(JsonNode line) {
        return line.propertyStream().map(Map.Entry::getKey).toList();
    }

    @Test
    void tellsOfARequestWhatIsDocumented() throws IOException {
        assertThat(send(head("/v1/abs/documents/789", "good"), "after-good")).isEqualTo(200);
        awaitLine("good");

        JsonNode line = lines().get("good");
        assertThat(names(line)).containsAll(ALWAYS).contains("rpc").doesNotContain("reason", "trace_id");
        assertThat(Instant.parse(line.path("time").asText())).isBetween(Instant.EPOCH, Instant.now());
        assertThat(line.path("method").asText()).isEqualTo("GET");
        assertThat(line.path("path").asText()).isEqualTo("/v1/abs/documents/{id}");
        assertThat(line.path("rpc").asText()).isEqualTo("/bank.v1.DocumentReviewService/GetDocument");
        assertThat(line.path("protocol").asText()).isEqualTo("h1c");
        assertThat(line.path("status").isInt()).isTrue();
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("grpc_status").asText()).isEqualTo("OK");
        assertThat(line.path("duration_ms").isIntegralNumber()).isTrue();
        assertThat(line.path("request_bytes").asLong()).isZero();
        assertThat(line.path("response_bytes").asLong()).isPositive();
    }

    @Test
    void tellsWhatFailed() throws IOException {
        assertThat(send(head("/v1/abs/documents/404", "lost"), "after-lost")).isEqualTo(404);
        awaitLine("lost");

        JsonNode line = lines().get("lost");
        assertThat(line.path("status").asInt()).isEqualTo(404);
        assertThat(line.path("grpc_status").asText()).isEqualTo("NOT_FOUND");
        assertThat(line.path("reason").asText()).isEqualTo("NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource({
        "400, MALFORMED_REQUEST, UNKNOWN, GET / HTTP/1.1 and more",
        "405, METHOD_NOT_ALLOWED, UNKNOWN, BREW / HTTP/1.1",
        "414, URI_TOO_LONG, UNKNOWN, GET /LONG HTTP/1.1",
        "431, HEADERS_TOO_LARGE, UNKNOWN, GET / HTTP/1.1|X-Long: LONG"
    })
    void tellsOfWhatIsNoRequestUnderTheIdOfItsAnswer(int status, String reason, String method, String head)
            throws IOException {
        RawHttp.Answer answer;
        try (var client = new RawHttp(port)) {
            client.send(head.replace("|", "\r\n").replace("LONG", "x".repeat(20_000)) + "\r\nHost: edge\r\n\r\n");
            answer = client.receive();
        }
        sent++;
        assertThat(answer).isNotNull();
        assertThat(answer.status()).isEqualTo(status);
        String id = answer.header("x-request-id");
        awaitLine(id);

        JsonNode line = lines().get(id);
        assertThat(names(line)).containsAll(ALWAYS);
        assertThat(Instant.parse(line.path("time").asText())).isBetween(Instant.EPOCH, Instant.now());
        assertThat(line.path("method").asText()).isEqualTo(method);
        assertThat(line.path("path").asText()).isEqualTo("-");
        assertThat(line.path("status").asInt()).isEqualTo(status);
        assertThat(line.path("reason").asText()).isEqualTo(reason);
        assertThat(line.path("response_bytes").asInt()).isEqualTo(Integer.parseInt(answer.header("content-length")));
    }

    static Stream<Arguments> refused() throws JOSEException {
        var forged = new ForgedTokens(bank.tokens.key()).all();
        return Stream.of(
                Arguments.of("audience", "Bearer " + forged.get("another audience")),
                Arguments.of("kid_unknown", "Bearer " + forged.get("unknown kid")),
                Arguments.of("algorithm", "Bearer " + forged.get("RS256")),
                Arguments.of("signature", "Bearer " + forged.get("key of the attacker")),
                Arguments.of("malformed", "Bearer " + forged.get("alg none")),
                Arguments.of("scheme", "Basic YTpi"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void tellsOverJsonAndGrpcWhyATokenIsRefusedAndTheClientDoesNot(String cause, String authorization)
            throws IOException {
        String id = Integer.toHexString(cause.hashCode());
        try (var client = new RawHttp(port)) {
            client.send("GET /v1/abs/documents/1 HTTP/1.1\r\nHost: edge\r\nX-Request-Id: json-" + id
                    + "\r\nAuthorization: " + authorization + "\r\n\r\n");
            var answer = client.receive();
            assertThat(answer).isNotNull();
            assertThat(answer.body()).contains("TOKEN_INVALID").doesNotContain(cause);
            assertThat(answer.headers().toString()).doesNotContain(cause);
        }
        sent++;
        var metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        metadata.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "grpc-" + id);
        var channel = Channels.open("127.0.0.1:" + port);
        try {
            assertThatCall(() -> DocumentReviewServiceGrpc.newBlockingStub(channel)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                            .getDocument(GetDocumentRequest.getDefaultInstance()))
                    .fails(Status.Code.UNAUTHENTICATED, "TOKEN_INVALID");
        } finally {
            channel.shutdownNow();
        }
        sent++;
        for (String each : List.of("json-" + id, "grpc-" + id)) {
            awaitLine(each);
            JsonNode line = lines().get(each);
            assertThat(line.path("reason").asText()).isEqualTo("TOKEN_INVALID");
            assertThat(line.path("cause").asText()).isEqualTo(cause);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/abs/documents/789%0A{%22forged%22:1} HTTP/1.1\r\nHost: edge",
                "GET /v1/abs/documents/789%0D%0A{%22forged%22:1}?a=%0A{%22forged%22:1} HTTP/1.1\r\nHost: edge",
                "GET /v1/abs/documents/789\",\"forged\":\"1 HTTP/1.1\r\nHost: edge",
                "GET /\n{\"forged\":1} HTTP/1.1\r\nHost: edge",
                "GET /%22,%22forged%22:%22 HTTP/1.1\r\nHost: edge",
                "FOR\"GED /v1/forged HTTP/1.1\r\nHost: edge",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\nUser-Agent: a\",\"forged\":\"1",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\nUser-Agent: a\r\n {\"forged\":1}",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\nUser-Agent: a\n{\"forged\":1}",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\nUser-Agent: a\r{\"forged\":1}",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\nX-Request-Id: a\",\"forged\":\"1",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\nX-Request-Id: a\\n{\"forged\":1}",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\nX-Request-Id: a\u0085{\"forged\":1}",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\ntraceparent: 00-\",\"forged\":\"1",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\",\"forged\":\"1",
                "GET /v1/abs/documents/789 HTTP/1.1\r\nHost: edge\r\nForwarded: for=\"\\\"forged\\\"\"",
                "POST /v1/auth/login HTTP/1.1\r\nHost: edge\r\nContent-Type: a/b;c=\"\\\"forged\\\"\"\r\nContent-Length: 0",
            })
    void cannotBeForged(String head) throws IOException {
        send(head + "\r\nConnection: close", "after-" + Integer.toHexString(head.hashCode()));

        // The line of a request may come after that of the next one.
        assertThat(lines().values())
                .hasSizeLessThanOrEqualTo(sent)
                .allSatisfy(line -> assertThat(names(line))
                        .containsAll(ALWAYS)
                        .isSubsetOf(Stream.of(ALWAYS, SOMETIMES)
                                .flatMap(Set::stream)
                                .toList()));
        assertThat(edge.output()).noneMatch(line -> line.contains("forged"));
    }
}
