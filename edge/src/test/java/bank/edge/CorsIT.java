package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsIT {
    private static final String APP = "https://app.bank.test";
    private static final String GRPC = "/bank.v1.DocumentReviewService/GetDocument";

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank(Map.of("bank.edge.cors.origins", APP + ",https://other.bank.test"));
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    private static HttpResponse<String> preflight(String path, String origin) {
        return bank.send(HttpRequest.newBuilder(bank.uri(path))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type,x-grpc-web"));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return String.join(", ", answer.headers().allValues(name));
    }

    @Test
    void answersThePreflightOfAnAllowedOrigin() {
        var answer = preflight("/v1/sm/contracts", APP);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "access-control-allow-origin")).isEqualTo(APP);
        assertThat(header(answer, "access-control-allow-methods")).contains("PATCH", "DELETE");
        assertThat(header(answer, "access-control-allow-headers"))
                .contains("authorization", "idempotency-key", "traceparent", "tracestate");
        assertThat(header(answer, "access-control-max-age")).isEqualTo("3600");
        assertThat(header(answer, "vary")).containsIgnoringCase("origin");
        assertThat(header(answer, "access-control-allow-credentials")).isEmpty();
        assertThat(header(answer, "x-request-id")).isNotEmpty();
    }

    @Test
    void allowsNothingToOtherOrigins() {
        for (String origin : new String[] {"https://evil.test", "null", APP + ".evil.test", "http://app.bank.test"}) {
            var answer = preflight("/v1/sm/contracts", origin);

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(header(answer, "allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
            assertThat(header(answer, "vary")).containsIgnoringCase("origin");
            assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
            assertThat(header(answer, "x-request-id")).isNotEmpty();
        }
        assertThat(preflight("/v1/nowhere", "https://evil.test").statusCode()).isEqualTo(404);
        assertThat(header(preflight(GRPC, "https://evil.test"), "allow")).isEqualTo("OPTIONS, POST");
    }

    @Test
    void letsThePageReadTheHeadersOfAnAnswer() {
        var answer = bank.send(bank.request("/v1/abs/documents/789").header("Origin", APP));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "access-control-allow-origin")).isEqualTo(APP);
        assertThat(header(answer, "access-control-expose-headers"))
                .contains("etag", "location", "x-request-id", "idempotency-replayed", "ratelimit", "grpc-status");
        assertThat(header(answer, "vary")).containsIgnoringCase("origin").containsIgnoringCase("accept-encoding");
    }

    @Test
    void letsThePageReadFailuresToo() {
        var answer = bank.send(
                HttpRequest.newBuilder(bank.uri("/v1/abs/documents/789")).header("Origin", APP));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "access-control-allow-origin")).isEqualTo(APP);
    }

    @Test
    void servesGrpcWebFromOtherOrigins() {
        assertThat(header(preflight(GRPC, APP), "access-control-allow-origin")).isEqualTo(APP);
        var answer = bank.send(bank.request(GRPC)
                .header("Origin", APP)
                .header("Content-Type", "application/grpc-web")
                .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "access-control-allow-origin")).isEqualTo(APP);
        assertThat(header(answer, "access-control-expose-headers"))
                .contains("grpc-status", "grpc-message", "grpc-status-details-bin");
    }

    @Test
    void variesByOriginWithoutOneToo() {
        assertThat(header(bank.get("/v1/abs/documents/789"), "vary")).containsIgnoringCase("origin");
    }

    @Test
    void knowsNoMetadataWhereNoServiceTakesAny() {
        var answer = bank.send(HttpRequest.newBuilder(bank.uri("/v1/sm/contracts"))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", APP)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "grpc-metadata-colour"));

        assertThat(header(answer, "access-control-allow-headers"))
                .contains("authorization")
                .doesNotContain("grpc-metadata");
    }

    @Test
    void refusesCredentialsForAnyOrigin() {
        assertThatThrownBy(() ->
                        TestBank.wire(Map.of("bank.edge.cors.origins", "*", "bank.edge.cors.credentials", "true")))
                .hasMessageContaining("bank.edge.cors.origins");
    }

    @Test
    void allowsAnyOriginOrCredentialsWhenConfigured() {
        try (var open = new TestBank(Map.of("bank.edge.cors.origins", "*"))) {
            var answer = open.send(open.request("/v1/abs/documents/789").header("Origin", "https://any.test"));
            assertThat(header(answer, "access-control-allow-origin")).isEqualTo("*");
            assertThat(header(answer, "vary")).doesNotContainIgnoringCase("origin");
        }
        try (var trusting = new TestBank(Map.of("bank.edge.cors.origins", APP, "bank.edge.cors.credentials", "true"))) {
            var answer = trusting.send(trusting.request("/v1/abs/documents/789").header("Origin", APP));
            assertThat(header(answer, "access-control-allow-credentials")).isEqualTo("true");
        }
    }

    @Test
    void isOffByDefault() {
        try (var closed = new TestBank()) {
            var answer = closed.send(closed.request("/v1/abs/documents/789").header("Origin", APP));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
            assertThat(header(answer, "vary")).doesNotContainIgnoringCase("origin");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs",
                "/docs/",
                "/docs/docs.js",
                "/openapi.json",
                "/openapi.yaml",
                "/healthz",
                "/readyz",
                "/versions",
                "/.well-known/jwks.json"
            })
    void answersOptionsOnPagesOfItsOwnToo(String path) {
        var plain = bank.send(HttpRequest.newBuilder(bank.uri(path)).method("OPTIONS", BodyPublishers.noBody()));
        assertThat(plain.statusCode()).isEqualTo(204);
        assertThat(header(plain, "allow")).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(header(plain, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(plain, "x-request-id")).isNotEmpty();
        var posted = bank.send(HttpRequest.newBuilder(bank.uri(path)).POST(BodyPublishers.noBody()));
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(header(posted, "allow")).isEqualTo("GET, HEAD, OPTIONS");

        var allowed = preflight(path, APP);
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(header(allowed, "access-control-allow-origin")).isEqualTo(APP);
        var foreign = preflight(path, "https://evil.test");
        assertThat(foreign.statusCode()).isEqualTo(204);
        assertThat(header(foreign, "allow")).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(header(foreign, "access-control-allow-origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/grpc.health.v1.Health/Watch", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"})
    void answersOptionsOnRpcsOfItsOwnToo(String path) {
        var plain = bank.send(HttpRequest.newBuilder(bank.uri(path)).method("OPTIONS", BodyPublishers.noBody()));
        assertThat(plain.statusCode()).isEqualTo(204);
        assertThat(header(plain, "allow")).isEqualTo("OPTIONS, POST");
        assertThat(header(preflight(path, APP), "access-control-allow-origin")).isEqualTo(APP);
    }

    @Test
    void knowsNoOptionsOfPagesThatAreNotThere() {
        var unknown =
                bank.send(HttpRequest.newBuilder(bank.uri("/docs/nowhere")).method("OPTIONS", BodyPublishers.noBody()));
        assertThat(unknown.statusCode()).isEqualTo(404);
    }

    @Test
    void answersPlainOptionsWithAllow() {
        var rest = bank.send(bank.request("/v1/sm/contracts").method("OPTIONS", BodyPublishers.noBody()));
        assertThat(rest.statusCode()).isEqualTo(204);
        assertThat(header(rest, "allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(header(rest, "x-content-type-options")).isEqualTo("nosniff");
        var rpc = bank.send(HttpRequest.newBuilder(bank.uri(GRPC)).method("OPTIONS", BodyPublishers.noBody()));
        assertThat(rpc.statusCode()).isEqualTo(204);
        assertThat(header(rpc, "allow")).isEqualTo("OPTIONS, POST");
        var unknown = bank.send(bank.request("/v1/nowhere").method("OPTIONS", BodyPublishers.noBody()));
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("ROUTE_NOT_FOUND");
    }
}
