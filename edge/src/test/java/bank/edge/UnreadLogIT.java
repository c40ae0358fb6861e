package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An edge whose standard error is a pipe that nobody reads.
class UnreadLogIT {
    /// Their lines are more than a pipe takes.
    private static final int REQUESTS = 600;

    @Test
    void holdsUpNeitherRequestsNorTheStop(@TempDir Path directory) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (var bank = new TestBank();
                var edge = ServiceProcess.ofCommand(
                                "sh",
                                "-c",
                                "mkfifo unread && exec \"$@\" 2<>unread",
                                "edge",
                                java,
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "-Dlogback.configurationFile=logback.xml",
                                "-cp",
                                classPath,
                                Main.class.getName())
                        .directory(directory)
                        .environment("BANK_EDGE_PORT", "0")
                        .environment("BANK_EDGE_UPSTREAMS_IDENTITY", bank.services())
                        .environment("BANK_EDGE_UPSTREAMS_DOCUMENT", bank.services())
                        .environment("BANK_EDGE_UPSTREAMS_CONTRACT", bank.services())
                        .environment("BANK_EDGE_UPSTREAMS_REGISTRY", bank.services())
                        .environment("BANK_EDGE_TOKENS_ISSUER", TestTokens.ISSUER)
                        .start()) {
            String ready = edge.awaitLine(line -> line.startsWith("ready "), Duration.ofSeconds(60));
            int port =
                    URI.create("http://" + ready.substring("ready ".length())).getPort();

            try (var client = new RawHttp(port)) {
                for (var request = 0; request < REQUESTS; request++) {
                    client.send("GET /healthz HTTP/1.1\r\nHost: edge\r\nX-Request-Id: unread-" + request + "\r\n\r\n");
                    var answer = client.receive();
                    assertThat(answer).isNotNull();
                    assertThat(answer.status()).isEqualTo(200);
                }
            }
            assertThat(edge.stop(Duration.ofSeconds(20))).isEqualTo(143);
        }
    }
}
