package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the path of an rpc answers to what is no call over gRPC: the same whoever serves the rpc.
class RpcPathsIT {
    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank();
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    private static HttpResponse<String> send(String method, String path, String... headers) {
        var request = HttpRequest.newBuilder(bank.uri(path)).method(method, BodyPublishers.ofString("{}"));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return bank.send(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bank.v1.DocumentReviewService/GetDocument",
                "/bank.v1.DocumentReviewService/GetDocument?a=b",
                "/grpc.health.v1.Health/Check"
            })
    void takesPostAloneOfGrpcAlone(String path) {
        for (String method : new String[] {"GET", "HEAD", "PUT", "DELETE", "PATCH"}) {
            var refused = send(method, path);
            assertThat(refused.statusCode()).as(method).isEqualTo(405);
            assertThat(refused.headers().firstValue("allow")).hasValue("OPTIONS, POST");
            assertThat(refused.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        }
        assertThat(send("GET", path).body()).contains("METHOD_NOT_ALLOWED");
        var options = send("OPTIONS", path);
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("allow")).hasValue("OPTIONS, POST");
        var posted = send("POST", path, "Content-Type", "application/json");
        assertThat(posted.statusCode()).isEqualTo(415);
        assertThat(posted.body()).contains("\"reason\":\"MEDIA_TYPE\"", "application/grpc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bank.v1.DocumentReviewService/Nothing",
                "/bank.v1.Nothing/GetDocument",
                "/grpc.health.v1.Health/Nothing"
            })
    void isNoneWhereThereIsNoRpc(String path) {
        for (String method : new String[] {"GET", "PUT", "DELETE", "PATCH", "POST", "OPTIONS"}) {
            var unknown = send(method, path, "Content-Type", "application/json");
            assertThat(unknown.statusCode()).as(method).isEqualTo(404);
            assertThat(unknown.headers().firstValue("allow")).isEmpty();
            assertThat(unknown.body()).contains("ROUTE_NOT_FOUND");
        }
        for (String form : new String[] {"application/grpc", "application/grpc+json"}) {
            if (form.endsWith("json") && path.startsWith("/grpc.")) {
                continue;
            }
            var called = send("POST", path, "Content-Type", form);
            assertThat(called.statusCode()).as(form).isEqualTo(200);
            assertThat(called.headers().firstValue("grpc-status")).hasValue("12");
        }
    }

    @Test
    void refusesMessagesOtherThanProtobuf() {
        var refused =
                send("POST", "/bank.v1.DocumentReviewService/GetDocument", "Content-Type", "application/grpc+json");
        assertThat(refused.statusCode()).isEqualTo(415);
        assertThat(refused.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(refused.body()).contains("\"reason\":\"MEDIA_TYPE\"");
    }
}
