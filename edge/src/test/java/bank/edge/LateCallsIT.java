package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the server itself finds wrong with a call is told as a status of gRPC.
class LateCallsIT {
    private static final String GET = "/bank.v1.DocumentReviewService/GetDocument";

    /// Of a message, all but its last byte.
    private static final byte[] BEGINNING = {0, 0, 0, 0, 2, 8};

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("DefaultUnloggedExceptionsReporter");

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank(Map.of("bank.edge.rates.address-per-minute", "100"));
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    private static RawHttp2.Frame call(RawHttp2 connection, String... further) throws Exception {
        var headers = new String[further.length + 12];
        System.arraycopy(
                new String[] {
                    ":method", "POST",
                    ":scheme", "http",
                    ":authority", "edge",
                    ":path", GET,
                    "authorization", "Bearer " + bank.tokens.client(),
                    "x-request-id", "late-1"
                },
                0,
                headers,
                0,
                12);
        System.arraycopy(further, 0, headers, 12, further.length);
        connection.headers(RawHttp2.END_HEADERS, 1, headers);
        connection.send(RawHttp2.DATA, 0, 1, BEGINNING);
        RawHttp2.Frame answer = connection.receive();
        assertThat(answer).isNotNull();
        return answer;
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web+proto", "application/grpc-web-text+proto"})
    void aBodyThatDoesNotComeToItsEndIsToldOfTheDeadline(String mediaType) throws Exception {
        try (var connection = new RawHttp2(bank.edge.port())) {
            RawHttp2.Frame answer = call(connection, "content-type", mediaType, "grpc-timeout", "500m");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo(mediaType);
            assertThat(answer.header("grpc-status")).isEqualTo("4");
            assertThat(answer.header("grpc-status-details-bin")).isNotEqualTo("null");
            assertThat(answer.header("x-request-id")).isEqualTo("late-1");
            assertThat(answer.header("ratelimit")).contains("\"address\";r=");
        }
    }

    @Test
    void soIsOneThatTricklesOverHttp1() throws Exception {
        try (var client = new RawHttp(bank.edge.port())) {
            client.send("POST " + GET + " HTTP/1.1\r\nHost: edge\r\nContent-Type: application/grpc-web\r\n"
                    + "Authorization: Bearer " + bank.tokens.client()
                    + "\r\ngrpc-timeout: 1S\r\nContent-Length: 10000\r\n\r\n");
            client.trickle('\0');

            var answer = client.receive();
            assertThat(answer).isNotNull();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/grpc-web+proto");
            assertThat(answer.header("grpc-status")).isEqualTo("4");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void aRequestTheServerRefusesIsToldByAStatusToo() throws Exception {
        try (var connection = new RawHttp2(bank.edge.port())) {
            RawHttp2.Frame answer = call(connection, "content-type", "application/grpc", "expect", "the impossible");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("grpc-status")).isEqualTo("3");
        }
    }
}
