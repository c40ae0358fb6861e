package bank.standalone;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.testing.ProofKey;
import bank.testing.TestDocuments;
import bank.v1.ContractServiceGrpc;
import bank.v1.LinkDocumentRequest;
import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The story by tokens that are bound to a key (RFC 9449): from sign-in through the edge to a service and the one that
/// it calls.
final class BoundTokensIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static final String LINK = "/bank.v1.ContractService/LinkDocument";

    private final ProofKey key = new ProofKey();
    private Http http;
    private String token;

    @BeforeEach
    void signIn() {
        http = new Http(bank.uri());
        var tokens = tokens("grant_type=password&username=client%40demo.test&password=" + RunningBank.PASSWORD);
        assertThat(tokens.path("token_type").asText()).isEqualTo("DPoP");
        token = tokens.path("access_token").asText();
        token = tokens("grant_type=refresh_token&refresh_token="
                        + tokens.path("refresh_token").asText())
                .path("access_token")
                .asText();
    }

    private JsonNode tokens(String form) {
        return http.raw(
                        "POST",
                        "/token",
                        "",
                        form.getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "DPoP",
                        key.proof("POST", url("/token"), null))
                .expect(200)
                .json();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + bank.uri().getPort() + path;
    }

    private String[] by(String method, String path, String... more) {
        var headers = new String[4 + more.length];
        headers[0] = "Authorization";
        headers[1] = "DPoP " + token;
        headers[2] = "DPoP";
        headers[3] = key.proof(method, url(path), token);
        System.arraycopy(more, 0, headers, 4, more.length);
        return headers;
    }

    private long documentId() {
        var path = "/v1/dbo/documents";
        return http.raw(
                        "POST",
                        path + "?description=bound&category=contracts",
                        "",
                        TestDocuments.bytes("Договор аренды.pdf"),
                        by("POST", path, "Content-Type", "application/pdf"))
                .expect(201)
                .json()
                .path("document_id")
                .asLong();
    }

    private long contractId() {
        var path = "/v1/sm/contracts";
        return http.json("POST", path, "", "{\"description\":\"bound\"}", by("POST", path))
                .expect(201)
                .json()
                .path("contract_id")
                .asLong();
    }

    @Test
    void reachServicesThatServicesCall() {
        var link = "/v1/sm/contracts/" + contractId() + "/link";
        var body = "{\"document_id\":" + documentId() + "}";

        assertThat(http.json("POST", link, "", body, by("POST", link))
                        .expect(201)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("active");
        assertThat(http.get("/v1/users/me", token).expect(401).reason()).isEqualTo("TOKEN_INVALID");
        assertThat(http.get("/v1/users/me", "", by("GET", link)).expect(401).reason())
                .isEqualTo("PROOF_INVALID");
        http.get("/v1/users/me", "", by("GET", "/v1/users/me")).expect(200);
    }

    @Test
    void reachThemStraightToo() {
        var request = LinkDocumentRequest.newBuilder()
                .setId(contractId())
                .setDocumentId(documentId())
                .build();
        var address = "127.0.0.1:" + bank.contractPort();
        var channel = Channels.open(address);
        try {
            var metadata = new Metadata();
            metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "DPoP " + token);
            var proof = Metadata.Key.of("dpop", Metadata.ASCII_STRING_MARSHALLER);
            metadata.put(proof, key.proof("POST", "http://" + address + LINK, token));
            var stub = ContractServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
            assertThat(stub.linkDocument(request).getContractId()).isEqualTo(request.getId());
            assertThatCall(() -> stub.linkDocument(request)).fails(Code.UNAUTHENTICATED, "PROOF_INVALID");
            metadata.removeAll(proof);
            metadata.put(proof, key.proof("POST", url(LINK), token));
            assertThatCall(() -> stub.linkDocument(request)).fails(Code.UNAUTHENTICATED, "PROOF_INVALID");
        } finally {
            channel.shutdownNow();
        }
    }
}
