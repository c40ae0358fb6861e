package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.testing.ExpectedLog;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "Failed to refresh a new TlsKeyPair", "TLS handshake failed", "HttpServerPipelineConfigurator");

    private final TlsKeyPair first = TlsKeyPair.ofSelfSigned("first.bank.test");
    private final TlsKeyPair second = TlsKeyPair.ofSelfSigned("second.bank.test");

    @TempDir
    Path directory;

    private Path certificate;
    private Path key;

    @BeforeEach
    void writeFirst() throws Exception {
        certificate = directory.resolve("edge.crt");
        key = directory.resolve("edge.key");
        writeCertificate(first);
        writeKey(first);
    }

    private void writeCertificate(TlsKeyPair pair) throws IOException, CertificateEncodingException {
        write(certificate, "CERTIFICATE", pair.certificateChain().getFirst().getEncoded());
    }

    private void writeKey(TlsKeyPair pair) throws IOException {
        write(key, "PRIVATE KEY", pair.privateKey().getEncoded());
    }

    private static void write(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
        Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private Map<String, String> settings() {
        return Map.of(
                "bank.edge.tls.certificate", certificate.toString(),
                "bank.edge.tls.key", key.toString(),
                "bank.edge.tls.reload-pause", "PT0.1S");
    }

    /// An answer over a connection of its own, and whose certificate it came under.
    private record Seen(AggregatedHttpResponse answer, X509Certificate certificate, String protocol) {}

    private static Seen get(TestBank bank, String protocol) throws Exception {
        try (var factory = ClientFactory.builder().tlsNoVerify().build()) {
            var web = WebClient.builder(protocol + "://127.0.0.1:" + bank.edge.port())
                    .factory(factory)
                    .build();
            try (var captor = com.linecorp.armeria.client.Clients.newContextCaptor()) {
                var answer = web.get("/healthz").aggregate().join();
                var ctx = captor.get();
                ctx.log().whenAvailable(RequestLogProperty.SESSION).join();
                var session = Objects.requireNonNull(ctx.sslSession());
                return new Seen(
                        answer,
                        (X509Certificate) session.getPeerCertificates()[0],
                        ctx.log().partial().sessionProtocol().uriText());
            }
        }
    }

    @Test
    void servesHttp2ByAlpnAndHttp1() throws Exception {
        try (var bank = new TestBank(settings())) {
            var seen = get(bank, "https");
            assertThat(seen.answer().status().code()).isEqualTo(200);
            assertThat(seen.protocol()).isEqualTo("h2");
            assertThat(seen.certificate()).isEqualTo(first.certificateChain().getFirst());
            var old = get(bank, "h1");
            assertThat(old.answer().status().code()).isEqualTo(200);
            assertThat(old.protocol()).isEqualTo("h1");
        }
    }

    @Test
    void speaksNothingInTheClear() throws Exception {
        try (var bank = new TestBank(settings());
                var connection = new RawHttp(bank.edge.port())) {
            connection.send("GET /healthz HTTP/1.1\r\nHost: edge\r\n\r\n");

            assertThat(connection.receive()).isNull();
        }
    }

    @Test
    void takesUpNewFilesWithoutARestart() throws Exception {
        try (var bank = new TestBank(settings())) {
            assertThat(get(bank, "https").certificate())
                    .isEqualTo(first.certificateChain().getFirst());

            writeCertificate(second);
            awaitReadAgain();
            assertThat(get(bank, "https").certificate())
                    .isEqualTo(first.certificateChain().getFirst());
            writeKey(second);

            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!get(bank, "https")
                    .certificate()
                    .equals(second.certificateChain().getFirst())) {
                assertThat(System.nanoTime()).as("in time").isLessThan(end);
            }
        }
    }

    private static void awaitReadAgain() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (log.lines().isEmpty()) {
            Thread.onSpinWait();
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
        }
        assertThat(log.lines()).anyMatch(line -> line.contains("is not the key of the first certificate"));
    }

    @Test
    void doesNotStartWithFilesThatCannotBeUsed() throws Exception {
        assertThatThrownBy(() -> TestBank.wire(Map.of("bank.edge.tls.key", key.toString())))
                .hasMessageContaining("set both or neither");
        writeKey(second);
        assertThatThrownBy(() -> TestBank.wire(settings()))
                .hasMessageContaining("is not the key of the first certificate");
        Files.writeString(key, "nonsense");
        assertThatThrownBy(() -> TestBank.wire(settings())).hasMessageContaining("expected PEM");
        Files.delete(key);
        assertThatThrownBy(() -> TestBank.wire(settings()))
                .hasMessageContaining("bank.edge.tls.key: there is no file " + key);
    }

    @Test
    void isNotTrustedByWhoDoesNotKnowTheCertificate() {
        try (var bank = new TestBank(settings())) {
            assertThatThrownBy(() -> WebClient.of("https://127.0.0.1:" + bank.edge.port())
                            .get("/healthz")
                            .aggregate()
                            .join())
                    .isInstanceOf(CompletionException.class);
        }
    }
}
