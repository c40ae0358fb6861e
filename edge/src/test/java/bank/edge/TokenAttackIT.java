package bank.edge;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.v1.Document;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.GetDocumentRequest;
import com.nimbusds.jose.JOSEException;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Forged tokens over JSON, gRPC and gRPC-Web.
class TokenAttackIT {
    private static TestBank bank;
    private static ForgedTokens forged;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        bank = new TestBank();
        forged = new ForgedTokens(bank.tokens.key());
        channel = Channels.open("127.0.0.1:" + bank.edge.port());
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        bank.close();
    }

    static Stream<Arguments> refused() throws JOSEException {
        return forged.all().entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedOnEveryProtocol(String name, String token) {
        assertRefused("TOKEN_INVALID", "authorization", "Bearer " + token);
    }

    @Test
    void anExpiredOneToo() throws JOSEException {
        assertRefused(
                "TOKEN_EXPIRED",
                "authorization",
                "Bearer " + forged.claimed(ForgedTokens.claims().expirationTime(ForgedTokens.in(-6))));
    }

    @Test
    void whatTheForgerStartsFromIsGood() throws JOSEException {
        for (var scheme : new String[] {"Bearer ", "bearer ", "BEARER "}) {
            var authorization = scheme + forged.good(header -> header);

            assertThat(json("authorization", authorization).statusCode()).isEqualTo(200);
            assertThat(grpc("authorization", authorization).getId()).isEqualTo(1);
            assertThat(web("authorization", authorization).headers().firstValue("grpc-status"))
                    .isEmpty();
        }
    }

    @Test
    void aTokenCountsInNoOtherPlace() throws JOSEException {
        var token = forged.good(header -> header);

        assertRefused("TOKEN_MISSING", "cookie", "access_token=" + token + "; authorization=Bearer " + token);
        assertRefused("TOKEN_MISSING", "x-authorization", "Bearer " + token);
        assertRefused("TOKEN_MISSING", "proxy-authorization", "Bearer " + token);
        var query = bank.send(HttpRequest.newBuilder(
                bank.uri("/v1/abs/documents/1?access_token=" + token + "&authorization=Bearer%20" + token)));
        assertThat(query.statusCode()).isEqualTo(401);
        assertThat(query.body()).contains("TOKEN_MISSING");
    }

    @Test
    void twoTokensAreOneTooMany() throws JOSEException {
        var good = "Bearer " + forged.good(header -> header);

        assertRefused(Code.INVALID_ARGUMENT, "SEVERAL_TOKENS", "authorization", good, "authorization", "Bearer x");
        assertRefused(Code.INVALID_ARGUMENT, "SEVERAL_TOKENS", "authorization", good, "authorization", good);
    }

    @Test
    void otherSchemesAreNone() throws JOSEException {
        var token = forged.good(header -> header);

        for (var value : new String[] {token, "Bearer" + token, "DPoP " + token, "Basic " + token, "Bearer"}) {
            assertRefused("TOKEN_INVALID", "authorization", value);
        }
    }

    private static void assertRefused(String reason, String... headers) {
        assertRefused(Code.UNAUTHENTICATED, reason, headers);
    }

    private static void assertRefused(Code code, String reason, String... headers) {
        var json = json(headers);
        assertThat(json.statusCode()).isEqualTo(code == Code.UNAUTHENTICATED ? 401 : 400);
        assertThat(json.body()).contains("\"reason\":\"" + reason + "\"");
        assertThatCall(() -> grpc(headers)).fails(code, reason);
        assertThat(web(headers).headers().firstValue("grpc-status")).hasValue(Integer.toString(code.value()));
    }

    private static HttpResponse<String> json(String... headers) {
        return bank.send(HttpRequest.newBuilder(bank.uri("/v1/abs/documents/1")).headers(headers));
    }

    private static Document grpc(String... headers) {
        var metadata = new Metadata();
        for (var i = 0; i < headers.length; i += 2) {
            metadata.put(Metadata.Key.of(headers[i], Metadata.ASCII_STRING_MARSHALLER), headers[i + 1]);
        }
        return DocumentReviewServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .getDocument(GetDocumentRequest.newBuilder().setId(1).build());
    }

    private static HttpResponse<String> web(String... headers) {
        return bank.send(HttpRequest.newBuilder(bank.uri("/bank.v1.DocumentReviewService/GetDocument"))
                .header("Content-Type", "application/grpc-web")
                .headers(headers)
                .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));
    }
}
