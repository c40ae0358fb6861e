package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonOverHttpIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "unexpected failure: java.lang.IllegalStateException: SELECT secret FROM vault",
            "WARN Attempts /bank.v1.ContractService/CreateContract broke down at ");

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
    void answersAReadWithTheWholeResource() {
        var answer = bank.send(bank.request("/v1/abs/documents/789").header("X-Request-Id", "req-1"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"id\":789", "\"description\":\"req-1\"", "\"file_name\":\"127.0.0.1\"")
                .contains("\"status\":\"pending\"", "\"size_bytes\":0")
                .doesNotContain("worker_id", "actual_date", "created_at");
        assertThat(answer.headers().firstValue("etag")).hasValue("\"3\"");
        assertThat(answer.headers().firstValue("x-request-id")).hasValue("req-1");
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.headers().map().keySet())
                .noneMatch(name -> name.startsWith("grpc-") || name.startsWith("http-"));
    }

    @Test
    void answersNotModifiedToAKnownEntityTag() {
        var answer = bank.send(bank.request("/v1/abs/documents/789").header("If-None-Match", "\"3\""));

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("etag")).hasValue("\"3\"");
    }

    @Test
    void comparesABodyWithItsPromisedDigest() throws Exception {
        String body = "{\"description\":\"Договор\"}";
        String digest = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8)));

        assertThat(create(body, "sha-256=:" + digest + ":").statusCode()).isEqualTo(201);
        var refused = create(body + " ", "sha-256=:" + digest + ":");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("\"reason\":\"DIGEST_MISMATCH\"");
        assertThat(create(body, "md5=:AAAA:").body()).contains("\"reason\":\"DIGEST_UNSUPPORTED\"");
    }

    private static HttpResponse<String> create(String body, String digest) {
        return bank.send(bank.request("/v1/sm/contracts")
                .header("Content-Type", "application/json")
                .header("Content-Digest", digest)
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void answersHeadWithoutABody() {
        var answer = bank.send(bank.request("/v1/abs/documents/789").method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("etag")).hasValue("\"3\"");
    }

    @Test
    void bindsQueryParametersOfEveryKind() {
        var answer = bank.get("/v1/abs/documents?status=REQUIRES_review&pageSize=7&uploaded_from=2023-10-25"
                + "&text=%D0%B0%D1%80%D0%B5%D0%BD%D0%B4%D0%B0");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        var many = bank.get("/v1/dbo/documents:batchGet?ids=3&ids=5");
        assertThat(many.body()).contains("\"id\":3", "\"id\":5");
    }

    @Test
    void namesUnknownAndMalformedQueryParameters() {
        var answer = bank.get("/v1/abs/documents?status=lost&uploaded_from=2023-02-30&page_size=1.5&nothing=1");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body())
                .contains("\"code\":\"INVALID_ARGUMENT\"", "\"reason\":\"INVALID_FIELD\"")
                .contains("\"field\":\"status\"", "\"field\":\"uploaded_from\"", "\"field\":\"page_size\"")
                .contains("\"field\":\"nothing\"", "\"instance\":\"/v1/abs/documents\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"update_mask\":null}"})
    void refusesAPatchThatNamesNothingToChange(String body) {
        var answer = bank.json("PATCH", "/v1/dbo/documents/5", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"reason\":\"INVALID_FIELD\"", "\"field\":\"update_mask\"", "names nothing to change");
    }

    @Test
    void createsWithStatus201AndLocation() {
        var answer = bank.json("POST", "/v1/sm/contracts", "{\"userId\":123,\"description\":\"Контракт\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("location")).hasValue("/v1/sm/contracts/102");
        assertThat(answer.headers().firstValue("idempotency-replayed")).hasValue("true");
        assertThat(answer.body()).contains("\"user_id\":123", "\"status\":\"draft\"", "Контракт");
    }

    @Test
    void answersADryRunWithoutALocation() {
        var answer = bank.send(bank.request("/v1/sm/contracts")
                .header("Content-Type", "application/json")
                .header("Validate-Only", "true")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("location")).isEmpty();
    }

    @Test
    void answersEmptyWith204() {
        var answer = bank.send(bank.request("/v1/auth/logout").POST(BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void refusesAFieldSetByPathAndBody() {
        var answer = bank.json("PATCH", "/v1/dbo/documents/5", "{\"id\":6,\"description\":\"x\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"id\"", "set by both the body and the path");
    }

    @Test
    void refusesAFieldSetByPathAndQuery() {
        var answer = bank.get("/v1/abs/documents/5?id=6");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("set by both the query and the path");
    }

    @Test
    void derivesTheUpdateMaskFromTheFieldsPresent() {
        var answer = bank.json("PATCH", "/v1/dbo/documents/5", "{\"description\":\"x\",\"actualEndDate\":null}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"new_value\":\"description,actual_end_date\"", "\"document_id\":5");
    }

    @Test
    void namesUnknownBodyFields() {
        var answer = bank.json("PATCH", "/v1/dbo/documents/5", "{\"descripton\":\"x\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"descripton\"", "unknown field");
    }

    @Test
    void tellsWhereJsonIsBroken() {
        var answer = bank.json("PATCH", "/v1/dbo/documents/5", "{\"description\":\n  oops}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"reason\":\"MALFORMED_JSON\"", "line 2, column");
    }

    @Test
    void refusesAnIdThatIsNoNumber() {
        var answer = bank.get("/v1/abs/documents/abc");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"id\"");
    }

    @Test
    void refusesBodiesOfOtherTypes() {
        var form = bank.send(bank.request("/v1/sm/contracts")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("user_id=1")));
        var none = bank.send(bank.request("/v1/sm/contracts").POST(BodyPublishers.ofString("{}")));

        assertThat(form.statusCode()).isEqualTo(415);
        assertThat(form.body()).contains("\"reason\":\"MEDIA_TYPE\"");
        assertThat(none.statusCode()).isEqualTo(415);
    }

    @Test
    void refusesABodyWhereNoneBelongs() {
        var answer = bank.json("DELETE", "/v1/dbo/documents/5", "{}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("BODY_UNEXPECTED");
    }

    @Test
    void refusesJsonAboveTheLimit() {
        var answer = bank.json("POST", "/v1/sm/contracts", "{\"description\":\"" + "x".repeat(1 << 20) + "\"}");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("CONTENT_TOO_LARGE");
    }

    @Test
    void answersUnknownPathsAsProblems() {
        var answer = bank.get("/v1/nowhere");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"reason\":\"ROUTE_NOT_FOUND\"", "\"request_id\":");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void answersWrongMethodsWithAllow() {
        var answer = bank.send(bank.request("/v1/sm/contracts").DELETE());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD, OPTIONS, POST");
    }

    @Test
    void answersProtocolViolationsAsProblems() {
        var answer = bank.send(bank.request("/v1/sm/contracts/1").header("X-Long", "x".repeat(20_000)));

        assertThat(answer.statusCode()).isEqualTo(431);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    }

    @Test
    void replacesAMalformedRequestId() {
        var answer = bank.send(bank.request("/v1/nowhere").header("X-Request-Id", "a b"));

        assertThat(answer.headers().firstValue("x-request-id"))
                .hasValueSatisfying(id -> assertThat(id).hasSize(36));
    }

    @Test
    void mapsReasonsToTheirStatuses() {
        var inUse = bank.send(bank.request("/v1/sm/contracts")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "in-use")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(inUse.statusCode()).isEqualTo(409);
        assertThat(inUse.headers().firstValue("retry-after")).hasValue("2");
    }

    @Test
    void tellsNothingOfABug() {
        var answer = bank.json("POST", "/v1/sm/contracts", "{\"description\":\"bug\"}");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("\"reason\":\"INTERNAL\"").doesNotContain("SELECT", "vault");
        assertThat(log.lines())
                .filteredOn(line -> line.contains("SELECT"))
                .singleElement()
                .asString()
                .startsWith("ERROR FailureInterceptor");
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("WARN Attempts"))
                .singleElement()
                .asString()
                .doesNotContain("SELECT", "vault");
    }

    @Test
    void decodesTheWordsOfAService() {
        var answer = bank.json("POST", "/v1/auth/login", "{\"email\":\"a@b.test\",\"password\":\"wrong\"}");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("e-mail или пароль неверны", "BAD_CREDENTIALS");
        assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer realm=\"bank\"");
    }

    @Test
    void givesUpAtTheClientsDeadline() throws Exception {
        var answer = bank.send(bank.request("/v1/sm/contracts/9").header("X-Request-Timeout", "300ms"));

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("DEADLINE_EXCEEDED");
        bank.contracts.silentCancelled.get(5, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    void refusesAMalformedDeadline() {
        assertThat(bank.send(bank.request("/v1/sm/contracts/1").header("X-Request-Timeout", "soon"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void passesOAuthAsItIs() {
        var answer = bank.send(HttpRequest.newBuilder(bank.uri("/token?a=%41"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=password")));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"invalid_grant\",\"body\":\"grant_type=password\",\"query\":\"a=%41\"}");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("retry-after")).hasValue("7");
    }

    @Test
    void letsPagesOfAServiceHaveTheirOwnStyleAndNothingElse() {
        var page = bank.send(HttpRequest.newBuilder(bank.uri("/oauth2/authorize?client_id=a")));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo("<!DOCTYPE html>GET");
        assertThat(page.headers().allValues("content-security-policy"))
                .containsExactly("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'");
        assertThat(page.headers().firstValue("set-cookie")).hasValue("sign-in=a; Path=/oauth2");
        assertThat(page.headers().firstValue("x-frame-options")).hasValue("DENY");
        assertThat(page.headers().firstValue("referrer-policy")).hasValue("no-referrer");
        assertThat(bank.get("/.well-known/jwks.json").headers().allValues("content-security-policy"))
                .containsExactly("default-src 'none'; frame-ancestors 'none'");
    }

    @Test
    void tellsPagesOfAServiceWhereAFormComesFrom() {
        bank.send(HttpRequest.newBuilder(bank.uri("/oauth2/authorize"))
                .headers("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site", "Cookie", "sign-in=a")
                .headers("Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-Host", "evil.example")
                .POST(BodyPublishers.ofString("consent=a")));

        assertThat(bank.oauth.page.getHeadersList())
                .extracting(header -> header.getName() + ": " + header.getValue())
                .containsExactlyInAnyOrder(
                        "origin: https://evil.example",
                        "sec-fetch-site: cross-site",
                        "cookie: sign-in=a",
                        "content-type: application/x-www-form-urlencoded");
    }

    @Test
    void isHealthyAndReady() {
        assertThat(bank.get("/healthz").statusCode()).isEqualTo(200);
        var ready = bank.get("/readyz");
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
    }

    @Test
    void refusesWhatIsNoCallWhereOnlyCallsAreAnswered() {
        String path = "/grpc.health.v1.Health/Check";
        var got = bank.get(path);
        var posted = bank.json("POST", path, "{}");

        assertThat(got.statusCode()).isEqualTo(405);
        assertThat(got.headers().firstValue("allow").orElseThrow()).contains("POST");
        assertThat(posted.statusCode()).isEqualTo(415);
        for (var answer : List.of(got, posted)) {
            assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(answer.headers().allValues("x-request-id")).hasSize(1);
            assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
        }
    }
}
