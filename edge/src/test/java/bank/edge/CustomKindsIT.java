package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules of custom kinds: methods that proto has no words of their own for, and `*`.
class CustomKindsIT {
    private static final String ORIGIN = "https://bank.test";

    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge(Map.of("bank.edge.cors.origins", ORIGIN));

    private static RequestHeadersBuilder request(String method, String path) {
        return RequestHeaders.builder(HttpMethod.valueOf(method), path)
                .set("authorization", "Bearer " + edge.bank.tokens.client());
    }

    private static AggregatedHttpResponse send(String protocol, RequestHeadersBuilder headers) {
        return WebClient.of(protocol + "://127.0.0.1:" + edge.port())
                .execute(headers.build())
                .aggregate()
                .join();
    }

    @ParameterizedTest
    @CsvSource({
        "h1c, OPTIONS, desks/1",
        "h2c, OPTIONS, desks/1",
        "h1c, TRACE, desks/1",
        "h2c, TRACE, desks/1",
        "h1c, GET, halls/1",
        "h2c, GET, halls/1",
        "h1c, PATCH, halls/1",
        "h2c, DELETE, halls/1",
        "h1c, OPTIONS, halls/1",
        "h2c, OPTIONS, halls/1",
        "h1c, TRACE, halls/1",
        "h2c, TRACE, halls/1",
    })
    void reachTheirRpc(String protocol, String method, String name) {
        var answer = send(protocol, request(method, "/library/" + name));

        assertThat(answer.status().code()).as(answer.contentUtf8()).isEqualTo(200);
        assertThat(answer.contentUtf8()).contains("\"name\":\"" + name + "\"");
    }

    @ParameterizedTest
    @CsvSource({"h1c, desks/1", "h2c, desks/1", "h1c, halls/1", "h2c, halls/1"})
    void headReachesItsRpcAndIsAnsweredWithoutABody(String protocol, String name) {
        var answer = send(protocol, request("HEAD", "/library/" + name));

        assertThat(answer.status().code()).isEqualTo(200);
        assertThat(answer.headers().contentLength()).isPositive();
        assertThat(answer.contentUtf8()).isEmpty();
        assertThat(edge.library.calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1c", "h2c"})
    void otherMethodsAreToldOfThem(String protocol) {
        var answer = send(protocol, request("DELETE", "/library/desks/1"));

        assertThat(answer.status().code()).isEqualTo(405);
        assertThat(answer.headers().get("allow")).isEqualTo("HEAD, OPTIONS, TRACE");
    }

    @ParameterizedTest
    @CsvSource({"h1c, desks/1", "h2c, desks/1", "h1c, halls/1", "h2c, halls/1"})
    void preflightsAreNotForTheRpc(String protocol, String name) {
        var answer = send(
                protocol,
                request("OPTIONS", "/library/" + name)
                        .set("origin", ORIGIN)
                        .set("access-control-request-method", "POST"));

        assertThat(answer.headers().get("access-control-allow-origin")).isEqualTo(ORIGIN);
        assertThat(answer.contentUtf8()).isEmpty();
        assertThat(edge.library.calls).isEmpty();
    }
}
