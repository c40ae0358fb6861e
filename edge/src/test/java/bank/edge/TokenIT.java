package bank.edge;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.v1.AuthServiceGrpc;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.GetDocumentRequest;
import bank.v1.LoginRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenIT {
    private static TestBank bank;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        bank = new TestBank();
        channel = Channels.open("127.0.0.1:" + bank.edge.port());
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        bank.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("none", _ -> "", "TOKEN_MISSING"),
                refused("another scheme", _ -> "Basic YTpi", "TOKEN_INVALID"),
                refused("garbage", _ -> "Bearer abc", "TOKEN_INVALID"),
                refused("forged", tokens -> "Bearer " + tokens.forged(), "TOKEN_INVALID"),
                refused("alg none", tokens -> "Bearer " + tokens.unsigned(), "TOKEN_INVALID"),
                refused("HMAC with the public key", tokens -> "Bearer " + tokens.macOfPublicKey(), "TOKEN_INVALID"),
                refused("foreign issuer", tokens -> "Bearer " + tokens.ofAnotherIssuer(), "TOKEN_INVALID"),
                refused("expired", tokens -> "Bearer " + tokens.expired(), "TOKEN_EXPIRED"));
    }

    private static Arguments refused(String name, Function<TestTokens, String> header, String reason) {
        return Arguments.of(name, header, reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedAlikeOnEveryProtocol(String name, Function<TestTokens, String> header, String reason) {
        String authorization = header.apply(bank.tokens);
        var json = bank.send(with(HttpRequest.newBuilder(bank.uri("/v1/abs/documents/1")), authorization));
        assertThat(json.statusCode()).isEqualTo(401);
        assertThat(json.body()).contains("\"reason\":\"" + reason + "\"", "\"code\":\"UNAUTHENTICATED\"");
        assertThat(json.headers().firstValue("www-authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer realm=\"bank\""));

        var metadata = new Metadata();
        if (!authorization.isEmpty()) {
            metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        }
        assertThatCall(() -> DocumentReviewServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                        .getDocument(GetDocumentRequest.newBuilder().setId(1).build()))
                .fails(Status.Code.UNAUTHENTICATED, reason);

        var web = bank.send(with(
                HttpRequest.newBuilder(bank.uri("/bank.v1.DocumentReviewService/GetDocument"))
                        .header("Content-Type", "application/grpc-web")
                        .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})),
                authorization));
        assertThat(web.headers().firstValue("grpc-status")).hasValue("16");
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String authorization) {
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    @Test
    void isNotNeededWhereAnybodyMayCallAndNotPassedOn() {
        var answer = bank.send(HttpRequest.newBuilder(bank.uri("/v1/auth/login"))
                .header("Authorization", "Bearer abc")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"email\":\"a@b.test\",\"password\":\"p\"}")));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"token_type\":\"null\"");
        assertThat(AuthServiceGrpc.newBlockingStub(channel)
                        .login(LoginRequest.newBuilder()
                                .setEmail("a@b.test")
                                .setPassword("p")
                                .build())
                        .getAccessToken())
                .isEqualTo("a@b.test");
    }

    @Test
    void isRefusedWhenSentTwice() {
        var answer = bank.send(bank.request("/v1/abs/documents/1").header("Authorization", "Bearer abc"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("SEVERAL_TOKENS");
    }

    @Test
    void doesNotStandInForARole() {
        var answer = bank.json("PUT", "/v1/abs/documents/1/status", "{\"status\":\"archived\"}");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("ROLE_MISSING");
    }
}
