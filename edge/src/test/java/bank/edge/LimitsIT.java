package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Channels;
import bank.v1.AuthServiceGrpc;
import bank.v1.LoginRequest;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsIT {
    private static final int HEAD_MAX = 2_048;
    private static final int BODY_MAX = 500;

    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank(Map.of(
                "bank.edge.connections.header-bytes-max", Integer.toString(HEAD_MAX),
                "bank.edge.connections.streams-max", "2",
                "bank.edge.json-bytes-max", Integer.toString(BODY_MAX)));
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    private static RawHttp.Answer answer(String request) throws Exception {
        try (var connection = new RawHttp(bank.edge.port())) {
            connection.send(request);
            var answer = connection.receive();
            assertThat(answer).isNotNull();
            return answer;
        }
    }

    @Test
    void takesARequestLineUpToTheLimit() throws Exception {
        String rest = "GET /healthz? HTTP/1.1";
        String query = "x".repeat(HEAD_MAX - rest.length());

        assertThat(answer("GET /healthz?" + query + " HTTP/1.1\r\nHost: edge\r\n\r\n")
                        .status())
                .isEqualTo(200);
        var refused = answer("GET /healthz?" + query + "x HTTP/1.1\r\nHost: edge\r\n\r\n");
        assertThat(refused.status()).isEqualTo(414);
        assertThat(refused.body()).contains("\"reason\":\"URI_TOO_LONG\"");
    }

    @Test
    void takesHeadersUpToTheLimit() throws Exception {
        String begin = "GET /healthz HTTP/1.1\r\nHost: edge\r\nX-Long: ";
        String value = "x".repeat(HEAD_MAX - "Host: edgeX-Long: ".length());

        assertThat(answer(begin + value + "\r\n\r\n").status()).isEqualTo(200);
        var refused = answer(begin + value + "x\r\n\r\n");
        assertThat(refused.status()).isEqualTo(431);
        assertThat(refused.body()).contains("\"reason\":\"HEADERS_TOO_LARGE\"");
    }

    @Test
    void takesHeadersOverHttp2UpToTheLimit() throws Exception {
        assertThat(statusOverHttp2(HEAD_MAX)).isEqualTo(200);
        assertThat(statusOverHttp2(HEAD_MAX + 1)).isEqualTo(431);
    }

    private static int statusOverHttp2(int size) throws Exception {
        var headers = new ArrayList<>(
                List.of(":method", "GET", ":scheme", "http", ":path", "/healthz", ":authority", "edge", "x-long"));
        int fixed = 32 * (headers.size() + 1) / 2 + String.join("", headers).length();
        headers.add("x".repeat(size - fixed));
        try (var connection = new RawHttp2(bank.edge.port())) {
            connection.headers(RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, headers.toArray(String[]::new));
            var frame = connection.receive();
            assertThat(frame).isNotNull();
            return frame.status();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1c", "h2c"})
    void takesBodiesUpToTheLimit(String protocol) {
        String json = "{\"description\":\"" + "x".repeat(BODY_MAX - 18) + "\"}";

        assertThat(json).hasSize(BODY_MAX);
        assertThat(patch(protocol, json).status().code()).isEqualTo(200);
        var refused = patch(protocol, json + " ");
        assertThat(refused.status().code()).isEqualTo(413);
        assertThat(refused.contentUtf8()).contains("\"reason\":\"CONTENT_TOO_LARGE\"");
    }

    @Test
    void takesLittleFromStrangers() {
        try (var wary = new TestBank(Map.of("bank.edge.upstream.stranger-bytes-max", "1024"))) {
            var login = LoginRequest.newBuilder().setEmail("x".repeat(1024 - 3)).build();
            assertThat(login.getSerializedSize()).isEqualTo(1024);
            String json = "{\"email\":\"" + "x".repeat(1024 - 12) + "\"}";
            assertThat(json).hasSize(1024);

            assertThat(login(wary, json).status()).isNotEqualTo(HttpStatus.REQUEST_ENTITY_TOO_LARGE);
            assertThat(login(wary, json + " ").contentUtf8()).contains("CONTENT_TOO_LARGE", "1024");
            assertThat(login(wary, login)).isNotEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(login(wary, login.toBuilder().setPassword("y").build()))
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
    }

    private static AggregatedHttpResponse login(TestBank wary, String json) {
        return WebClient.of("h2c://127.0.0.1:" + wary.edge.port())
                .execute(
                        RequestHeaders.builder(HttpMethod.POST, "/v1/auth/login")
                                .contentType(MediaType.JSON)
                                .build(),
                        HttpData.ofUtf8(json))
                .aggregate()
                .join();
    }

    private static Status.Code login(TestBank wary, LoginRequest request) {
        var channel = Channels.open("127.0.0.1:" + wary.edge.port());
        try {
            var _ = AuthServiceGrpc.newBlockingStub(channel).login(request);
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        } finally {
            channel.shutdownNow();
        }
    }

    private static AggregatedHttpResponse patch(String protocol, String json) {
        return send(
                protocol,
                RequestHeaders.builder(HttpMethod.PATCH, "/v1/dbo/documents/5")
                        .contentType(MediaType.JSON)
                        .set("authorization", "Bearer " + bank.tokens.client())
                        .build(),
                json);
    }

    private static AggregatedHttpResponse send(String protocol, RequestHeaders headers, String body) {
        return WebClient.of(protocol + "://127.0.0.1:" + bank.edge.port())
                .execute(headers, HttpData.ofUtf8(body))
                .aggregate()
                .join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1c", "h2c"})
    void namesTheMethodsOfAPath(String protocol) {
        for (HttpMethod method : new HttpMethod[] {HttpMethod.DELETE, HttpMethod.PATCH, HttpMethod.TRACE}) {
            var answer = send(protocol, RequestHeaders.of(method, "/v1/sm/contracts"), "");

            assertThat(answer.status().code()).isEqualTo(405);
            assertThat(answer.headers().get("allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
            assertThat(answer.contentUtf8()).contains("\"reason\":\"METHOD_NOT_ALLOWED\"");
        }
    }

    @Test
    void refusesStreamsAboveTheLimit() throws Exception {
        try (var connection = new RawHttp2(bank.edge.port())) {
            for (int stream = 1; stream <= 5; stream += 2) {
                connection.headers(
                        RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                        stream,
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        "/v1/sm/contracts/9",
                        ":authority",
                        "edge",
                        "authorization",
                        "Bearer " + bank.tokens.client());
            }

            var frame = connection.receive();
            assertThat(frame).isNotNull();
            assertThat(frame.type()).isEqualTo(RawHttp2.RST_STREAM);
            assertThat(frame.stream()).isEqualTo(5);
        }
    }
}
