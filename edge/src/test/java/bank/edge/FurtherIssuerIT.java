package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.auth.Issuer;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A second issuer, with a key set over HTTP.
class FurtherIssuerIT {
    private static final String URL = "https://partners.test";

    private static RSAKey key;
    private static ForgedTokens signer;
    private static HttpServer keys;
    private static Map<String, String> settings;

    @BeforeAll
    static void start() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048).keyID("key-1").generate();
        signer = new ForgedTokens(key);
        keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keys.createContext("/keys", exchange -> {
            var bytes = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        keys.start();
        settings = Map.of(
                "bank.edge.issuers.partners.url",
                URL,
                "bank.edge.issuers.partners.keys",
                "http://127.0.0.1:" + keys.getAddress().getPort() + "/keys",
                "bank.edge.issuers.partners.audience",
                "partners");
    }

    @AfterAll
    static void stop() {
        keys.stop(0);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(URL)
                .audience("partners")
                .subject("shop")
                .claim("scope", "documents:read")
                .expirationTime(ForgedTokens.in(600));
    }

    @Test
    void isLetThroughToServicesThatTrustItOnEveryProtocol() throws JOSEException {
        var trusted = Issuer.foreign(
                "partners",
                URL,
                "partners",
                Set.of(JWSAlgorithm.PS256),
                Set.of("at+jwt"),
                Set.of("documents:read"),
                new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK())));
        try (var bank = new TestBank(settings, List.of(trusted))) {
            assertThat(json(bank, signer.claimed(claims()))).isEqualTo(200);
            assertThat(web(bank, signer.claimed(claims()))).isEmpty();
            assertThat(json(bank, bank.tokens.client())).isEqualTo(200);
        }
    }

    @Test
    void isRefusedAtTheEdgeWhereItIsNotNamed() throws JOSEException {
        try (var bank = new TestBank()) {
            assertThat(json(bank, signer.claimed(claims()))).isEqualTo(401);
            assertThat(web(bank, signer.claimed(claims()))).isEqualTo("16");
        }
    }

    @Test
    void isRefusedByServicesThatDoNotTrustIt() throws JOSEException {
        try (var bank = new TestBank(settings)) {
            assertThat(json(bank, signer.claimed(claims()))).isEqualTo(401);
        }
    }

    @Test
    void speaksForNobodyElse() throws JOSEException {
        try (var bank = new TestBank(settings)) {
            assertThat(json(bank, signer.claimed(ForgedTokens.claims()))).isEqualTo(401);
            assertThat(json(bank, signer.claimed(claims().audience("bank")))).isEqualTo(401);
        }
    }

    private static int json(TestBank bank, String token) {
        return bank.send(HttpRequest.newBuilder(bank.uri("/v1/abs/documents/1"))
                        .header("Authorization", "Bearer " + token))
                .statusCode();
    }

    private static String web(TestBank bank, String token) {
        return bank.send(HttpRequest.newBuilder(bank.uri("/bank.v1.DocumentReviewService/GetDocument"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/grpc-web")
                        .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})))
                .headers()
                .firstValue("grpc-status")
                .orElse("");
    }
}
