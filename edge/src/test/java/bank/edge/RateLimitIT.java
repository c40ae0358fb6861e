package bank.edge;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.GetDocumentRequest;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitIT {
    private static final String PATH = "/v1/abs/documents/789";
    private static final String RPC = "/bank.v1.DocumentReviewService/GetDocument";

    private static final String APP = "https://app.bank.test";

    private static TestBank bank(String caller, String address) {
        return new TestBank(
                Map.of("bank.edge.rates.caller-per-minute", caller, "bank.edge.rates.address-per-minute", address));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return String.join(", ", answer.headers().allValues(name));
    }

    private static void assertRefused(HttpResponse<String> answer, String policy) {
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"reason\":\"RATE_LIMITED\"", "\"code\":\"RESOURCE_EXHAUSTED\"");
        assertThat(Integer.parseInt(header(answer, "retry-after"))).isBetween(1, 60);
        assertThat(header(answer, "ratelimit")).startsWith("\"" + policy + "\";r=0;t=");
        assertThat(header(answer, "x-request-id")).isNotEmpty();
        assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void letsACallerUseHisQuotaAndNoMoreOnEveryProtocol() {
        try (var bank = bank("2", "0")) {
            var first = bank.get(PATH);
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(header(first, "ratelimit-policy")).isEqualTo("\"caller\";q=2;w=60");
            assertThat(header(first, "ratelimit")).isEqualTo("\"caller\";r=1;t=30");
            assertThat(bank.get(PATH).statusCode()).isEqualTo(200);

            assertRefused(bank.get(PATH), "caller");
            refusesOverGrpc(bank, "Bearer " + bank.tokens.client());
            var web = bank.send(bank.request(RPC)
                    .header("Content-Type", "application/grpc-web")
                    .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));
            assertThat(header(web, "grpc-status")).isEqualTo("8");

            var other = bank.request(PATH);
            other.setHeader("Authorization", "Bearer " + bank.tokens.employee());
            assertThat(bank.send(other).statusCode()).isEqualTo(200);
            assertThat(bank.send(HttpRequest.newBuilder(bank.uri("/.well-known/jwks.json")))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static void refusesOverGrpc(TestBank bank, String authorization) {
        var channel = Channels.open("127.0.0.1:" + bank.edge.port());
        try {
            var metadata = new Metadata();
            metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
            assertThatCall(() -> {
                        try {
                            DocumentReviewServiceGrpc.newBlockingStub(channel)
                                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                                    .getDocument(GetDocumentRequest.newBuilder()
                                            .setId(1)
                                            .build());
                        } catch (StatusRuntimeException e) {
                            assertThat(StatusProto.fromThrowable(e).getDetailsList())
                                    .anyMatch(detail -> detail.is(RetryInfo.class));
                            throw e;
                        }
                    })
                    .fails(Status.Code.RESOURCE_EXHAUSTED, "RATE_LIMITED");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void letsAnAddressUseItsQuotaAndNoMoreWhoeverCalls() {
        try (var bank = bank("0", "2")) {
            var request = HttpRequest.newBuilder(bank.uri(PATH));
            assertThat(bank.send(request).statusCode()).isEqualTo(401);
            assertThat(bank.get("/v1/nowhere").statusCode()).isEqualTo(404);

            assertRefused(bank.get(PATH), "address");
            refusesOverGrpc(bank, "Bearer " + bank.tokens.client());
            assertThat(bank.get("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {APP, "https://evil.test"})
    void countsPreflightsOfAnAddress(String origin) {
        try (var bank =
                new TestBank(Map.of("bank.edge.rates.address-per-minute", "2", "bank.edge.cors.origins", APP))) {
            assertThat(preflight(bank, origin).statusCode()).isNotEqualTo(429);
            assertThat(header(preflight(bank, origin), "ratelimit")).startsWith("\"address\";r=0;t=");

            assertRefused(preflight(bank, origin), "address");
            var refused = bank.send(bank.request(PATH).header("Origin", APP));
            assertRefused(refused, "address");
            assertThat(header(refused, "access-control-allow-origin")).isEqualTo(APP);
        }
    }

    @Test
    void countsAPreflightOnceWithoutCorsToo() {
        try (var bank = bank("0", "2")) {
            assertThat(header(preflight(bank, APP), "ratelimit")).startsWith("\"address\";r=1;t=");
        }
    }

    private static HttpResponse<String> preflight(TestBank bank, String origin) {
        return bank.send(HttpRequest.newBuilder(bank.uri(PATH))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST"));
    }

    @Test
    void tellsBothQuotas() {
        try (var bank = bank("5", "7")) {
            var answer = bank.get(PATH);
            assertThat(header(answer, "ratelimit-policy")).isEqualTo("\"address\";q=7;w=60, \"caller\";q=5;w=60");
            assertThat(header(answer, "ratelimit"))
                    .startsWith("\"address\";r=6;t=")
                    .contains("\"caller\";r=4;t=");
        }
    }

    @Test
    void tellsThemInAnswersThatFailToo() throws Exception {
        try (var bank = new TestBank(Map.of(
                "bank.edge.rates.address-per-minute", "100",
                "bank.edge.rates.caller-per-minute", "0",
                "bank.edge.json-bytes-max", "100"))) {
            var late = bank.send(bank.request("/v1/sm/contracts/9").header("X-Request-Timeout", "100ms"));
            assertThat(late.statusCode()).isEqualTo(504);
            var large = bank.json("POST", "/v1/auth/login", "{\"email\":\"" + "x".repeat(100) + "\"}");
            assertThat(large.statusCode()).isEqualTo(413);
            var call = bank.send(bank.request(RPC)
                    .header("Content-Type", "application/grpc-web")
                    .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));
            assertThat(header(call, "content-type")).isEqualTo("application/grpc-web+proto");
            for (var answer : List.of(late, large, call)) {
                assertThat(header(answer, "ratelimit-policy")).isEqualTo("\"address\";q=100;w=60");
                assertThat(header(answer, "ratelimit")).startsWith("\"address\";r=9");
            }
            tellsThemWhenTheServerItselfFails(bank);
        }
    }

    private static void tellsThemWhenTheServerItselfFails(TestBank bank) throws Exception {
        try (var slow = new RawHttp(bank.edge.port())) {
            slow.send("POST /v1/auth/login HTTP/1.1\r\nHost: edge\r\nContent-Type: application/json\r\n"
                    + "X-Request-Timeout: 100ms\r\nContent-Length: 10\r\n\r\n{");
            var answer = slow.receive();
            assertThat(answer).isNotNull();
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.header("ratelimit")).startsWith("\"address\";r=9");
        }
    }

    @Test
    void countsNothingWhenOff() {
        try (var bank = bank("0", "0")) {
            var answer = bank.get(PATH);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map()).doesNotContainKeys("ratelimit", "ratelimit-policy");
        }
    }
}
