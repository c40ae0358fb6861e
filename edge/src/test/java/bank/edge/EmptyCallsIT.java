package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Calls over gRPC whose body is no message are refused before any service hears of them.
class EmptyCallsIT {
    private static final String LOGIN = "/bank.v1.AuthService/Login";
    private static final String INVALID_ARGUMENT = "3";

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank();
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    static Stream<Arguments> bodies() {
        String text = "application/grpc-web-text";
        String binary = "application/grpc-web+proto";
        return Stream.of(
                Arguments.of(text, "Content-Length: 3\r\n\r\nAAA"),
                Arguments.of(text, "Content-Length: 4\r\n\r\nA*AA"),
                Arguments.of(text, "Content-Length: 10\r\n\r\nAAAAAAA=AA"),
                Arguments.of(text, "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(binary, "Content-Length: 0\r\n\r\n"),
                Arguments.of(binary, "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(binary, "Content-Length: 4\r\n\r\n\0\0\0\0"),
                Arguments.of(binary, "Content-Length: 5\r\n\r\n\0\0\0\0\u0001"),
                Arguments.of(binary, "Content-Length: 6\r\n\r\n\0\0\0\0\0a"),
                Arguments.of(binary, "Content-Length: 10\r\n\r\n\0\0\0\0\0\0\0\0\0\0"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void areRefused(String mediaType, String body) throws Exception {
        try (var connection = new RawHttp(bank.edge.port())) {
            connection.send("POST " + LOGIN + " HTTP/1.1\r\nHost: edge\r\nContent-Type: " + mediaType + "\r\n" + body);

            var answer = connection.receive();

            assertThat(answer).isNotNull();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("grpc-status")).isEqualTo(INVALID_ARGUMENT);
        }
    }

    @Test
    void areRefusedWhenTheStreamEndsWithNothing() throws Exception {
        try (var connection = new RawHttp2(bank.edge.port())) {
            connection.headers(
                    RawHttp2.END_HEADERS,
                    1,
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":authority",
                    "edge",
                    ":path",
                    LOGIN,
                    "content-type",
                    "application/grpc",
                    "te",
                    "trailers");
            connection.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[0]);

            var answer = connection.receive();

            assertThat(answer).isNotNull();
            assertThat(answer.type()).isEqualTo(RawHttp2.HEADERS);
            assertThat(answer.flags() & RawHttp2.END_STREAM).isNotZero();
            assertThat(answer.header("grpc-status")).isEqualTo(INVALID_ARGUMENT);
        }
    }
}
