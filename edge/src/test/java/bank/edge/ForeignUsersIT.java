package bank.edge;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.config.InvalidSettingsException;
import bank.platform.grpc.Channels;
import bank.platform.grpc.Headers;
import bank.testing.ProofKey;
import bank.testing.TestRealm;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.GetDocumentRequest;
import com.nimbusds.jwt.JWTClaimsSet;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Users of a further issuer, whose tokens the edge exchanges.
class ForeignUsersIT {
    private static final String JSON = "/v1/abs/documents/1";
    private static final String RPC = "/bank.v1.DocumentReviewService/GetDocument";

    private static TestRealm realm;
    private static TestBank bank;

    @BeforeAll
    static void start() {
        realm = new TestRealm();
        bank = new TestBank(settings());
    }

    private static Map<String, String> settings() {
        var settings = new HashMap<>(Map.of(
                "bank.edge.client.id", "edge",
                "bank.edge.client.secret", "edge-secret"));
        var issuer = "bank.edge.issuers.realm.";
        settings.put(issuer + "url", realm.url());
        settings.put(issuer + "keys", realm.keys());
        settings.put(issuer + "audience", TestRealm.AUDIENCE);
        settings.put(issuer + "algorithms", "RS256");
        settings.put(issuer + "types", "JWT");
        settings.put(issuer + "users", "true");
        return settings;
    }

    @AfterAll
    static void stop() {
        bank.close();
        realm.close();
    }

    @BeforeEach
    void forget() {
        bank.oauth.exchanged.clear();
        bank.oauth.refusal = "";
    }

    private static JWTClaimsSet.Builder claims() {
        return realm.claims("user-1", "session-1", Instant.now(), "teller");
    }

    private static HttpResponse<String> json(String authorization, String... headers) {
        var request = HttpRequest.newBuilder(bank.uri(JSON)).header("Authorization", authorization);
        return bank.send(headers.length == 0 ? request : request.headers(headers));
    }

    @Test
    void callByTheirOwnTokensOnEveryProtocol() {
        String token = realm.signed(claims());

        assertThat(json("Bearer " + token).statusCode()).isEqualTo(200);
        assertThat(bank.reviews.possession).containsExactly("Bearer " + bank.oauth.given, "null", "null");

        var channel = Channels.open("127.0.0.1:" + bank.edge.port());
        try {
            var metadata = new Metadata();
            metadata.put(Headers.key("authorization"), "Bearer " + token);
            var stub = DocumentReviewServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
            assertThat(stub.getDocument(GetDocumentRequest.newBuilder().setId(1).build())
                            .getId())
                    .isEqualTo(1);
            metadata.removeAll(Headers.key("authorization"));
            metadata.put(Headers.key("authorization"), "Bearer " + token + "x");
            assertThatCall(() -> stub.getDocument(
                            GetDocumentRequest.newBuilder().setId(1).build()))
                    .fails(Status.Code.UNAUTHENTICATED, "TOKEN_INVALID");
        } finally {
            channel.shutdownNow();
        }
        var web = bank.send(HttpRequest.newBuilder(bank.uri(RPC))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/grpc-web")
                .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));
        assertThat(web.headers().firstValue("grpc-status")).isEmpty();
        assertThat(bank.oauth.exchanged).containsExactly(token);
    }

    @Test
    void areExchangedOnceHoweverManyCallAtOnce() throws Exception {
        String token = realm.signed(claims());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> call = () -> json("Bearer " + token).statusCode();
            for (var status : threads.invokeAll(List.of(call, call, call, call, call, call, call, call))) {
                assertThat(status.get()).isEqualTo(200);
            }
        }
        assertThat(bank.oauth.exchanged).containsExactly(token);
        assertThat(json("Bearer " + realm.signed(claims())).statusCode()).isEqualTo(200);
        assertThat(bank.oauth.exchanged).hasSize(2);
    }

    @Test
    void areExchangedOnceMoreWhenTheKeyOfTheOtherTokenWasWithdrawn() {
        String token = realm.signed(claims());
        bank.oauth.withdrawn.set(1);
        assertThat(json("Bearer " + token).statusCode()).isEqualTo(200);
        assertThat(json("Bearer " + token).statusCode()).isEqualTo(200);
        assertThat(bank.oauth.exchanged).containsExactly(token, token);

        String refused = realm.signed(claims());
        bank.oauth.withdrawn.set(2);
        assertThat(json("Bearer " + refused).statusCode()).isEqualTo(401);
        assertThat(bank.oauth.exchanged).hasSize(4);
    }

    @Test
    void areRefusedBeforeIdentityServiceIsAsked() {
        for (var token : List.of(
                realm.signed(claims().audience("account")),
                realm.signed(claims().expirationTime(Date.from(Instant.now().minusSeconds(10)))),
                realm.signed(claims())
                        .replaceFirst("\\..*\\.", "." + realm.signed(claims()).split("\\.")[1] + "."))) {
            assertThat(json("Bearer " + token).statusCode()).isEqualTo(401);
        }
        assertThat(bank.oauth.exchanged).isEmpty();
    }

    @Test
    void areToldWhyIdentityServiceRefuses() {
        bank.oauth.refusal = "the subject token is refused: nobody here is linked to this account";
        String token = realm.signed(claims());

        var refused = json("Bearer " + token);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("TOKEN_INVALID", "nobody here is linked to this account");
        bank.oauth.refusal = "";
        assertThat(json("Bearer " + token).statusCode())
                .as("a refusal is not kept")
                .isEqualTo(200);
    }

    @Test
    void withBoundTokensProveTheirKey() {
        var key = new ProofKey();
        String token = realm.signed(claims().claim("cnf", Map.of("jkt", key.thumbprint())));
        String url = TestTokens.ISSUER + JSON;

        assertThat(json("DPoP " + token, "DPoP", key.proof("GET", url, token)).statusCode())
                .isEqualTo(200);
        assertThat(bank.reviews.possession).containsExactly("Bearer " + bank.oauth.given, "null", "null");
        assertThat(json("Bearer " + token).body()).contains("TOKEN_INVALID");
        assertThat(json("DPoP " + token).body()).contains("PROOF_INVALID");
        assertThat(json("DPoP " + token, "DPoP", new ProofKey().proof("GET", url, token))
                        .body())
                .contains("PROOF_INVALID");
        String bearer = realm.signed(claims());
        assertThat(json("DPoP " + bearer, "DPoP", key.proof("GET", url, bearer)).body())
                .contains("TOKEN_INVALID");
    }

    @Test
    void needCredentialsOfTheEdge() {
        var settings = settings();
        settings.keySet().removeIf(name -> name.startsWith("bank.edge.client."));

        assertThatThrownBy(() -> TestBank.wire(settings))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("bank.edge.client");
    }

    @Test
    void haveRolesAndNoScopes() {
        var settings = settings();
        settings.put("bank.edge.issuers.realm.scopes", "documents:read");

        assertThatThrownBy(() -> TestBank.wire(settings))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("bank.edge.issuers.realm.scopes");
    }
}
