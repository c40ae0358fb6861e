package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import bank.testing.TraceReceiver;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The spans of edge and services, as a receiver of OTLP sees them.
class TracesIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "unexpected failure: java.lang.IllegalStateException: SELECT secret FROM vault",
            "WARN Attempts /bank.v1.ContractService/CreateContract broke down at ",
            "WARN UnaryCall call broke off: ");

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final long NUMBER = 8700147110011L;
    private static final String GET_OVER_HTTP = "GET /v1/abs/documents/{id}";
    private static final String GET = "bank.v1.DocumentReviewService/GetDocument";

    private TraceReceiver receiver;
    private TestBank bank;

    @BeforeEach
    void start() {
        receiver = new TraceReceiver();
        bank = new TestBank(Map.of(), List.of(), receiver.overHttp());
    }

    @AfterEach
    void stop() {
        bank.close();
        receiver.close();
    }

    private HttpRequest.Builder document(long number) {
        return bank.request("/v1/abs/documents/" + number);
    }

    private static String sampled(String flag) {
        return "00-" + TRACE + "-" + PARENT + "-" + flag;
    }

    @Test
    void theClientsTraceGoesOnThroughEdgeAndService() throws Exception {
        var answer =
                bank.send(document(NUMBER).header("traceparent", sampled("01")).header("tracestate", "vendor=1"));
        assertThat(answer.statusCode()).isEqualTo(200);

        var edge = receiver.next(GET_OVER_HTTP);
        assertThat(edge.service()).isEqualTo("edge");
        assertThat(edge.trace()).isEqualTo(TRACE);
        assertThat(edge.parent()).isEqualTo(PARENT);
        assertThat(edge.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        assertThat(edge.isError()).isFalse();
        assertThat(edge.attributes())
                .isEqualTo(Map.of(
                        "http.request.method", "GET",
                        "http.route", "/v1/abs/documents/{id}",
                        "http.response.status_code", "200",
                        "url.scheme", "http"));
        var service = receiver.next(GET);
        assertThat(service.service()).isEqualTo("services");
        assertThat(service.trace()).isEqualTo(TRACE);
        assertThat(service.parent()).isEqualTo(edge.id());
        assertThat(service.span().getTraceState()).isEqualTo("vendor=1");
        assertThat(receiver.text()).doesNotContain(Long.toString(NUMBER), bank.tokens.client(), "Bearer", "127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-00000000000000000000000000000000-b7ad6b7169203331-01"})
    void withoutAGoodTraceparentATraceBegins(String given) throws Exception {
        var request = document(NUMBER).header("tracestate", "vendor=1");
        bank.send(given.isEmpty() ? request : request.header("traceparent", given));

        var edge = receiver.next(GET_OVER_HTTP);
        assertThat(edge.parent()).isEmpty();
        assertThat(edge.span().getTraceState()).isEmpty();
        var service = receiver.next(GET);
        assertThat(service.trace()).isEqualTo(edge.trace());
        assertThat(service.parent()).isEqualTo(edge.id());
        assertThat(service.span().getTraceState()).isEmpty();
    }

    @Test
    void whatAClientDoesNotRecordIsNotRecorded() throws Exception {
        bank.send(document(NUMBER).header("traceparent", sampled("00")));
        assertThat(bank.reviews.trace).startsWith("00-" + TRACE + "-").contains("-00 ");
        bank.send(document(NUMBER));

        // What comes of one sender comes in turn.
        assertThat(receiver.next(GET_OVER_HTTP).trace()).isNotEqualTo(TRACE);
        assertThat(receiver.next(GET).trace()).isNotEqualTo(TRACE);
        assertThat(receiver.all()).noneMatch(span -> span.trace().equals(TRACE));
    }

    @Test
    void aBugIsAnErrorOfBothAndTellsNothing() throws Exception {
        var answer = bank.json("POST", "/v1/sm/contracts", "{\"user_id\": " + NUMBER + ", \"description\": \"bug\"}");
        assertThat(answer.statusCode()).isEqualTo(500);

        var edge = receiver.next("POST /v1/sm/contracts");
        assertThat(edge.isError()).isTrue();
        assertThat(edge.attributes())
                .containsEntry("http.response.status_code", "500")
                .containsEntry("error.type", "INTERNAL");
        var service = receiver.next("bank.v1.ContractService/CreateContract");
        assertThat(service.isError()).isTrue();
        assertThat(service.parent()).isEqualTo(edge.id());
        assertThat(receiver.text()).doesNotContain("secret", Long.toString(NUMBER));
    }

    @Test
    void aServiceThatIsDownIsAnError() throws Exception {
        assertThat(bank.get("/v1/abs/documents/1").statusCode()).isEqualTo(200);
        assertThat(receiver.next(GET_OVER_HTTP).isError()).isFalse();
        bank.stopServices();
        assertThat(bank.get("/v1/abs/documents/1").statusCode()).isEqualTo(503);

        var edge = receiver.next(GET_OVER_HTTP);
        assertThat(edge.isError()).isTrue();
        assertThat(edge.attributes())
                .containsEntry("http.response.status_code", "503")
                .containsEntry("error.type", "UPSTREAM_UNAVAILABLE");
    }

    @Test
    void refusalsAreNone() throws Exception {
        assertThat(bank.get("/v1/abs/documents/404").statusCode()).isEqualTo(404);
        assertThat(bank.get("/made/up?q=x").statusCode()).isEqualTo(404);

        var edge = receiver.next(GET_OVER_HTTP);
        assertThat(edge.isError()).isFalse();
        assertThat(edge.attributes())
                .containsEntry("http.response.status_code", "404")
                .doesNotContainKey("error.type");
        var unknown = receiver.next("GET");
        assertThat(unknown.attributes())
                .isEqualTo(
                        Map.of("http.request.method", "GET", "http.response.status_code", "404", "url.scheme", "http"));
        assertThat(receiver.text()).doesNotContain("made");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web"})
    void callsOfGrpcLikewise(String form) throws Exception {
        bank.send(bank.request("/" + GET)
                .header("Content-Type", form)
                .header("traceparent", sampled("01"))
                .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 2, 8, 1})));

        var edge = receiver.next("POST /" + GET);
        assertThat(edge.trace()).isEqualTo(TRACE);
        assertThat(edge.parent()).isEqualTo(PARENT);
        assertThat(edge.isError()).isFalse();
        assertThat(edge.attributes()).containsEntry("http.route", "/" + GET).containsEntry("rpc.grpc.status_code", "0");
        var service = receiver.next(GET);
        assertThat(service.trace()).isEqualTo(TRACE);
        assertThat(service.parent()).isEqualTo(edge.id());
    }

    @Test
    void aCallThatFailsIsAnErrorThoughItsHttpStatusIs200() throws Exception {
        bank.send(bank.request("/bank.v1.ContractService/CreateContract")
                .header("Content-Type", "application/grpc-web")
                .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, 0, 0, 7, 8, 1, 18, 3, 'b', 'u', 'g'})));

        var edge = receiver.next("POST /bank.v1.ContractService/CreateContract");
        assertThat(edge.isError()).isTrue();
        assertThat(edge.attributes())
                .containsEntry("http.response.status_code", "200")
                .containsEntry("rpc.grpc.status_code", "13")
                .containsEntry("error.type", "INTERNAL");
    }

    @Test
    void untracedTheClientsTraceGoesAlongUntouched() {
        try (var untraced = new TestBank()) {
            untraced.send(untraced.request("/v1/abs/documents/1")
                    .header("traceparent", sampled("01"))
                    .header("tracestate", "vendor=1"));

            assertThat(untraced.reviews.trace).isEqualTo(sampled("01") + " vendor=1");
        }
    }
}
