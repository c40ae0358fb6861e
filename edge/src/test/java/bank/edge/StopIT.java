package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.grpc.Channels;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
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
    void servesOnForTheQuietTimeButIsReadyNoMore() throws Exception {
        try (var bank = new TestBank(Map.of("bank.edge.drain-quiet", "PT5M"))) {
            var channel = Channels.open("127.0.0.1:" + bank.edge.port());
            var health = HealthGrpc.newBlockingStub(channel);
            var watched = health.watch(HealthCheckRequest.getDefaultInstance());
            var alive = bank.request("/healthz");
            var closing = Thread.ofPlatform().unstarted(bank.edge::close);
            try {
                assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.SERVING);

                closing.start();

                assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
                assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                        .isEqualTo(ServingStatus.NOT_SERVING);
                var ready = bank.get("/readyz");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("\"stopping\"");
                assertThat(bank.send(alive).statusCode()).isEqualTo(200);
                assertThat(bank.get("/v1/abs/documents/789").statusCode()).isEqualTo(200);
                assertThat(closing.isAlive()).isTrue();

                closing.interrupt();

                assertThat(watched.hasNext()).isFalse();
                assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
                assertThatThrownBy(() -> bank.send(alive)).hasRootCauseInstanceOf(IOException.class);
            } finally {
                closing.interrupt();
                channel.shutdownNow();
            }
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
