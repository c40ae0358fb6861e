package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that send a byte now and then, or nothing at all, lose their connection; others do not notice.
class SlowClientsIT {
    private static final String GET = "GET /healthz HTTP/1.1\r\nHost: edge\r\n\r\n";

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "limit the number of open connections to ",
            "call broke off: com.linecorp.armeria.common.stream.AbortedStreamException",
            "DefaultUnloggedExceptionsReporter");

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank(Map.of(
                "bank.edge.connections.idle-max", "PT1S",
                "bank.edge.request-timeout", "PT1S"));
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    private static void assertServed(RawHttp connection) throws Exception {
        connection.send(GET);
        assertThat(connection.receive())
                .isNotNull()
                .extracting(RawHttp.Answer::status)
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GE", "GET /healthz?a=", "GET /healthz HTTP/1.1\r\nX-A: "})
    void losesTheConnectionBeforeTheHeadIsThrough(String begin) throws Exception {
        try (var slow = new RawHttp(bank.edge.port());
                var other = new RawHttp(bank.edge.port())) {
            slow.send(begin);
            assertServed(other);
            if (!begin.isEmpty()) {
                slow.trickle('x');
            }

            assertThat(slow.receive()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 60_000})
    void isAnsweredAtTheDeadlineWhenTheBodyTrickles(int length) throws Exception {
        try (var slow = new RawHttp(bank.edge.port());
                var other = new RawHttp(bank.edge.port())) {
            slow.send("POST /v1/auth/login HTTP/1.1\r\nHost: edge\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + length + "\r\n\r\n{");
            assertServed(other);
            slow.trickle(' ');

            var answer = slow.receive();
            assertThat(answer).isNotNull();
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.body()).contains("DEADLINE_EXCEEDED");
            slow.trickle(' ');
            assertThat(slow.receive()).isNull();
        }
    }

    @Test
    void finishesARequestThatRunsLongerThanAConnectionMayIdle() throws Exception {
        try (var connection = new RawHttp(bank.edge.port())) {
            connection.send(
                    "GET /v1/sm/contracts/9 HTTP/1.1\r\nHost: edge\r\nX-Request-Timeout: 2s\r\nAuthorization: Bearer "
                            + bank.tokens.client() + "\r\n\r\n");

            assertThat(connection.receive())
                    .isNotNull()
                    .extracting(RawHttp.Answer::status)
                    .isEqualTo(504);
        }
    }

    @Test
    void closesConnectionsAboveTheLimitAtOnce() throws Exception {
        // One of its own, for connections of other tests count until it has seen them closed.
        try (var limited = new TestBank(Map.of("bank.edge.connections.max", "2"));
                var first = new RawHttp(limited.edge.port());
                var second = new RawHttp(limited.edge.port())) {
            assertServed(first);
            assertServed(second);
            try (var third = new RawHttp(limited.edge.port())) {
                assertThat(third.receive()).isNull();
            }
            assertServed(first);
        }
    }

    @Test
    void whoReadsNothingLosesTheConnection() throws Exception {
        try (var strict = new TestBank(
                        Map.of("bank.edge.connections.stall-max", "PT1S", "bank.edge.connections.max", "1"));
                var lazy = new RawHttp(strict.edge.port(), 4096)) {
            lazy.send("GET /openapi.json HTTP/1.1\r\nHost: edge\r\n\r\n".repeat(64));

            Eventually.holds("its place is free", Duration.ofSeconds(20), () -> isServed(strict.edge.port()));
        }
    }

    private static boolean isServed(int port) {
        try (var connection = new RawHttp(port)) {
            connection.send(GET);
            return connection.receive() != null;
        } catch (IOException _) {
            return false;
        }
    }

    private static void askWithoutWindow(RawHttp2 connection) throws IOException {
        connection.send(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
        connection.headers(
                RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                1,
                ":method",
                "GET",
                ":scheme",
                "http",
                ":authority",
                "edge",
                ":path",
                "/openapi.json");
    }

    @Test
    void whoGrantsNoWindowLosesTheConnection() throws Exception {
        try (var strict = new TestBank(Map.of("bank.edge.connections.stall-max", "PT1S"));
                var connection = new RawHttp2(strict.edge.port())) {
            askWithoutWindow(connection);

            assertThat(connection.receive())
                    .isNotNull()
                    .extracting(RawHttp2.Frame::type)
                    .isEqualTo(RawHttp2.HEADERS);
            assertThat(connection.receive()).isNull();
        }
    }

    @Test
    @Timeout(30)
    void whoGrantsNoWindowLosesTheConnectionThoughHePings() throws Exception {
        try (var strict = new TestBank(Map.of("bank.edge.connections.stall-max", "PT1S"));
                var connection = new RawHttp2(strict.edge.port());
                var schedule = Executors.newSingleThreadScheduledExecutor()) {
            askWithoutWindow(connection);
            assertThat(connection.receive()).isNotNull();
            connection.ping(schedule);

            assertThat(connection.receive()).isNull();
            schedule.shutdownNow();
        }
    }

    @Test
    void whoTakesLittleByLittleIsServed() throws Exception {
        try (var strict = new TestBank(Map.of("bank.edge.connections.stall-max", "PT1S"));
                var connection = new RawHttp2(strict.edge.port())) {
            connection.send(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
            connection.headers(
                    RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
                    1,
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":authority",
                    "edge",
                    ":path",
                    "/openapi.json");
            assertThat(connection.receive()).isNotNull();
            for (int i = 0; i < 10; i++) {
                connection.send(RawHttp2.WINDOW_UPDATE, 0, 1, new byte[] {0, 0, 8, 0});
                assertThat(connection.receive())
                        .isNotNull()
                        .extracting(frame -> frame.payload().length)
                        .isEqualTo(2048);
                assertThat(connection.isSilentFor(Duration.ofMillis(300))).isTrue();
            }
        }
    }
}
