package bank.edge;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.testing.ExpectedLog;
import bank.testing.ProofKey;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.GetDocumentRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Access tokens that are bound to a key (RFC 9449) at the edge.
class BoundTokensIT {
    private static final String JSON = "/v1/abs/documents/1";
    private static final String RPC = "/bank.v1.DocumentReviewService/GetDocument";
    private static final byte[] MESSAGE = {0, 0, 0, 0, 2, 8, 1};

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("bound to a key are refused");

    private static final ProofKey key = new ProofKey();
    private static TestBank bank;
    private static ManagedChannel channel;
    private static String token;

    @BeforeAll
    static void start() {
        bank = new TestBank(Map.of("bank.edge.client.id", "edge", "bank.edge.client.secret", "edge-secret"));
        channel = Channels.open("127.0.0.1:" + bank.edge.port());
        token = bank.tokens.bound(key);
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        bank.close();
    }

    private static String proof(String method, String path) {
        return key.proof(method, TestTokens.ISSUER + path, token);
    }

    private static HttpResponse<String> json(TestBank to, String... headers) {
        return to.send(HttpRequest.newBuilder(to.uri(JSON)).headers(headers));
    }

    private static HttpResponse<String> web(String... headers) {
        return bank.send(HttpRequest.newBuilder(bank.uri(RPC))
                .header("Content-Type", "application/grpc-web")
                .headers(headers)
                .POST(BodyPublishers.ofByteArray(MESSAGE)));
    }

    private static void rpc(String... headers) {
        var metadata = new Metadata();
        for (int i = 0; i < headers.length; i += 2) {
            metadata.put(Headers.key(headers[i]), headers[i + 1]);
        }
        var _ = DocumentReviewServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .getDocument(GetDocumentRequest.newBuilder().setId(1).build());
    }

    @Test
    void passWithAProofForTheCallOnEveryProtocol() {
        assertThat(json(bank, "Authorization", "DPoP " + token, "DPoP", proof("GET", JSON))
                        .statusCode())
                .isEqualTo(200);
        assertPassedOn();
        rpc("authorization", "DPoP " + token, "dpop", proof("POST", RPC));
        assertPassedOn();
        assertThat(web("Authorization", "DPoP " + token, "DPoP", proof("POST", RPC))
                        .headers()
                        .firstValue("grpc-status"))
                .isEmpty();
        assertPassedOn();
    }

    /// With a token of the edge in the place of the proof.
    private static void assertPassedOn() {
        assertThat(bank.reviews.possession.get(0)).isEqualTo("DPoP " + token);
        assertThat(bank.reviews.possession.get(1)).isEqualTo("null");
        assertThat(bank.reviews.possession.get(2)).startsWith("Bearer ");
        bank.reviews.possession = List.of();
    }

    @Test
    void passWhateverTheQueryIsAndOnlyOnce() {
        String used = proof("GET", JSON);
        var first = bank.send(
                HttpRequest.newBuilder(bank.uri(JSON)).headers("Authorization", "DPoP " + token, "DPoP", used));
        assertThat(first.statusCode()).isEqualTo(200);
        var again = json(bank, "Authorization", "DPoP " + token, "DPoP", used);
        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(again.body()).contains("\"reason\":\"PROOF_INVALID\"");

        String search = "/v1/abs/documents";
        var answer = bank.send(HttpRequest.newBuilder(bank.uri(search + "?text=a"))
                .headers("Authorization", "DPoP " + token, "DPoP", proof("GET", search)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).contains("ROLE_MISSING");
    }

    @Test
    void areRefusedAsBearerTokensOnEveryProtocol() {
        for (int i = 0; i < 2; i++) {
            var answer = json(bank, "Authorization", "Bearer " + token, "DPoP", proof("GET", JSON));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("\"reason\":\"TOKEN_INVALID\"");
            assertThat(answer.headers().firstValue("www-authenticate"))
                    .hasValueSatisfying(challenge -> assertThat(challenge)
                            .startsWith("DPoP realm=\"bank\", error=\"invalid_token\"")
                            .endsWith("algs=\"ES256 PS256\""));
            assertThatCall(() -> rpc("authorization", "Bearer " + token, "dpop", proof("POST", RPC)))
                    .fails(Status.Code.UNAUTHENTICATED, "TOKEN_INVALID");
            assertThat(web("Authorization", "Bearer " + token).headers().firstValue("grpc-status"))
                    .hasValue("16");
        }
    }

    @Test
    void bearerTokensAreRefusedAsBoundOnes() {
        String bearer = bank.tokens.client();
        var answer = json(
                bank, "Authorization", "DPoP " + bearer, "DPoP", key.proof("GET", TestTokens.ISSUER + JSON, bearer));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("\"reason\":\"TOKEN_INVALID\"");
    }

    static Stream<Arguments> spoiled() {
        String other = "a.b.c";
        return Stream.of(
                spoiled("another method", path -> proof("PUT", path)),
                spoiled("another path", path -> proof("POST", path + "/content")),
                spoiled("another host", path -> key.proof(method(path), "http://evil.test" + path, token)),
                spoiled("another token", path -> key.proof(method(path), TestTokens.ISSUER + path, other)),
                spoiled("no token", path -> key.proof(method(path), TestTokens.ISSUER + path, null)),
                spoiled("another key", path -> new ProofKey().proof(method(path), TestTokens.ISSUER + path, token)),
                spoiled(
                        "long ago",
                        path -> key.proof(
                                method(path),
                                TestTokens.ISSUER + path,
                                token,
                                Instant.now().minusSeconds(70))),
                spoiled(
                        "in the future",
                        path -> key.proof(
                                method(path),
                                TestTokens.ISSUER + path,
                                token,
                                Instant.now().plusSeconds(20))),
                spoiled("no proof at all", _ -> "x"));
    }

    private static String method(String path) {
        return path.equals(RPC) ? "POST" : "GET";
    }

    private static Arguments spoiled(String name, Function<String, String> proof) {
        return Arguments.of(name, proof);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoiled")
    void areRefusedForProofsOfOtherThings(String name, Function<String, String> proof) {
        var answer = json(bank, "Authorization", "DPoP " + token, "DPoP", proof.apply(JSON));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("\"reason\":\"PROOF_INVALID\"");
        assertThat(answer.headers().firstValue("www-authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge)
                        .startsWith("DPoP realm=\"bank\", error=\"invalid_dpop_proof\"")
                        .endsWith("algs=\"ES256 PS256\""));
        assertThatCall(() -> rpc("authorization", "DPoP " + token, "dpop", proof.apply(RPC)))
                .fails(Status.Code.UNAUTHENTICATED, "PROOF_INVALID");
        assertThat(web("Authorization", "DPoP " + token, "DPoP", proof.apply(RPC))
                        .headers()
                        .firstValue("grpc-status"))
                .hasValue("16");
    }

    @Test
    void areRefusedWithoutOneProof() {
        assertThat(json(bank, "Authorization", "DPoP " + token).body()).contains("PROOF_INVALID");
        assertThat(json(bank, "Authorization", "DPoP " + token, "DPoP", proof("GET", JSON), "DPoP", proof("GET", JSON))
                        .body())
                .contains("PROOF_INVALID");
    }

    @Test
    void nobodyElseSpeaksForTheEdge() {
        String forwarder = "Bearer " + bank.tokens.machine("calls:forward");
        assertThat(json(bank, "Authorization", "DPoP " + token, "X-Bank-Caller-Service", forwarder)
                        .body())
                .contains("PROOF_INVALID");
        json(bank, "Authorization", "Bearer " + bank.tokens.client(), "X-Bank-Caller-Service", forwarder);
        assertThat(bank.reviews.possession.get(2)).isEqualTo("null");
    }

    @Test
    void passThoughTheKeyOfTheEdgesOwnTokenWasWithdrawn() {
        try (var other =
                new TestBank(Map.of("bank.edge.client.id", "edge", "bank.edge.client.secret", "edge-secret"))) {
            other.oauth.withdrawn.set(1);
            for (int i = 0; i < 2; i++) {
                var bound = other.tokens.bound(key);
                var answer = json(
                        other,
                        "Authorization",
                        "DPoP " + bound,
                        "DPoP",
                        key.proof("GET", TestTokens.ISSUER + JSON, bound));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
        }
    }

    @Test
    void areRefusedByAnEdgeThatIsNobody() {
        try (var anonymous = new TestBank()) {
            var bound = anonymous.tokens.bound(key);
            var answer = json(
                    anonymous,
                    "Authorization",
                    "DPoP " + bound,
                    "DPoP",
                    key.proof("GET", TestTokens.ISSUER + JSON, bound));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("\"reason\":\"BOUND_TOKENS_OFF\"");
        }
    }
}
