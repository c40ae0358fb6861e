package bank.platform.auth;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestTokens;
import bank.testing.ExpectedLog;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeysOverHttpIT {
    @RegisterExtension
    static final ExpectedLog log =
            new ExpectedLog("WARN RemoteKeys the keys of an issuer cannot", "WARN RemoteKeys no key set");

    private final TestTokens tokens = new TestTokens(Clock.systemUTC());
    private final AtomicInteger reads = new AtomicInteger();
    private volatile String body = new JWKSet(TestTokens.KEY.toPublicJWK()).toString();
    private volatile int status = 200;
    private HttpServer server;
    private TokenVerifier verifier;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/keys", exchange -> {
            reads.incrementAndGet();
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            if (status == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> {
            var bytes = new JWKSet(TestTokens.KEY.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        var keys = RemoteKeys.of(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys"));
        verifier = new TokenVerifier(TestTokens.config(), keys, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void areReadOnceAndAgainForANewKey() {
        verify(TestTokens.KEY, 1);
        verify(TestTokens.KEY, 2);
        assertThat(reads).hasValue(1);

        var next = TestTokens.newKey("key-2");
        body = new JWKSet(next.toPublicJWK()).toString();
        assertThat(verify(next, 3).name()).isEqualTo("user:3");
        assertFails(Code.UNAUTHENTICATED, "TOKEN_INVALID", () -> verify(TestTokens.KEY, 4));
    }

    @Test
    void areNotReadFromElsewhere() {
        status = 302;

        assertFails(Code.UNAVAILABLE, "KEYS_UNAVAILABLE", () -> verify(TestTokens.KEY, 1));
    }

    @Test
    void areNoKeysWhenTheyAreNoKeySet() {
        body = "{\"keys\": 1}";
        assertFails(Code.UNAVAILABLE, "KEYS_UNAVAILABLE", () -> verify(TestTokens.KEY, 1));
    }

    @Test
    void areNotReadBeyondTheirBound() {
        body = body + " ".repeat(256 * 1024);

        assertFails(Code.UNAVAILABLE, "KEYS_UNAVAILABLE", () -> verify(TestTokens.KEY, 1));
    }

    @Test
    void neitherAreReadForEachForgedKeyIdNorAreForgedTokensRemembered() {
        verify(TestTokens.KEY, 1);
        var parts = TestTokens.sign(tokens.user(1, "client")).split("\\.");
        var begun = System.nanoTime();

        for (var i = 0; i < 20_000; i++) {
            var header = "{\"alg\":\"PS256\",\"typ\":\"at+jwt\",\"kid\":\"" + i + "\"}";
            var forged = Base64URL.encode(header) + "." + parts[1] + "." + parts[2];
            assertFails(Code.UNAUTHENTICATED, "TOKEN_INVALID", () -> verifier.verify(forged));
        }

        var windows = 1 + (System.nanoTime() - begun) / 5_000_000_000L;
        assertThat((long) reads.get()).isLessThanOrEqualTo(1 + 2 * (windows + 1));
        assertThat(verifier.remembered()).isEqualTo(1);
        assertThat(verify(TestTokens.KEY, 2).name()).isEqualTo("user:2");
    }

    private Principal verify(RSAKey key, long user) {

        return verifier.verify(TestTokens.sign(tokens.user(user, "client"), JWSAlgorithm.PS256, "at+jwt", key));
    }
}
