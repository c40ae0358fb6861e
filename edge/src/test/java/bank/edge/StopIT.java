package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.grpc.Channels;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class StopIT {
    private static final byte[] HALF = new byte[300_000];

    @Test
    void letsRunningRequestsEndFirst() throws Exception {
        try (var bank = new TestBank();
                var socket = new Socket("127.0.0.1", bank.edge.port())) {
            var out = socket.getOutputStream();
            out.write(("POST /v1/dbo/documents?file_name=a.pdf HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer "
                            + bank.tokens.client() + "\r\nContent-Type: application/pdf\r\nContent-Length: "
                            + 2 * HALF.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(HALF);
            Objects.requireNonNull(bank.documents.uploads.poll(10, TimeUnit.SECONDS))
                    .begun
                    .get(10, TimeUnit.SECONDS);

            var closing = CompletableFuture.runAsync(bank.edge::close);
            assertThatThrownBy(() -> closing.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            out.write(HALF);

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 201 ");
            closing.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void isQuickWhenNoRequestRunsThoughConnectionsAreOpen() {
        try (var bank = new TestBank()) {
            var channel = Channels.open("127.0.0.1:" + bank.edge.port());
            try {
                assertThat(bank.get("/v1/abs/documents/789").statusCode()).isEqualTo(200);
                HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());

                var begun = System.nanoTime();
                bank.edge.close();

                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
            } finally {
                channel.shutdownNow();
            }
        }
    }
}
