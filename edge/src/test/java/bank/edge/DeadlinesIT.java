package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.CreateContractRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The time of a call passes from when its request came in, not from when all of it was there.
class DeadlinesIT {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank();
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    /// Sends a request whose body pauses before its last byte.
    ///
    /// @param head what differs in its head
    /// @param body a character for each byte
    private static void send(String head, String body) throws Exception {
        bank.contracts.left = Duration.ZERO;
        try (var client = new RawHttp(bank.edge.port())) {
            client.send("POST " + head + "Host: edge\r\nAuthorization: Bearer " + bank.tokens.client()
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body.substring(0, body.length() - 1));
            assertThat(client.isSilentFor(PAUSE)).isTrue();
            client.send(body.substring(body.length() - 1));

            var answer = client.receive();
            assertThat(answer).isNotNull();
            assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
        }
        assertThat(bank.contracts.left).isBetween(Duration.ofSeconds(1), TIME.minus(PAUSE.dividedBy(2)));
    }

    @Test
    void countTheBodyOfJson() throws Exception {
        send(
                "/v1/sm/contracts HTTP/1.1\r\nContent-Type: application/json\r\nX-Request-Timeout: 10s\r\n",
                "{\"user_id\":17,\"description\":\"x\"}");
    }

    @Test
    void countTheMessageOfGrpc() throws Exception {
        byte[] message = CreateContractRequest.newBuilder()
                .setUserId(17)
                .setDescription("x")
                .build()
                .toByteArray();
        byte[] frame = ByteBuffer.allocate(5 + message.length)
                .putInt(1, message.length)
                .position(5)
                .put(message)
                .array();
        send(
                "/bank.v1.ContractService/CreateContract HTTP/1.1\r\nContent-Type: application/grpc-web\r\n"
                        + "grpc-timeout: 10S\r\n",
                new String(frame, StandardCharsets.ISO_8859_1));
    }
}
