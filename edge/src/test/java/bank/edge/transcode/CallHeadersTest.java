package bank.edge.transcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.edge.auth.TokenGate;
import bank.edge.route.Rpc;
import bank.edge.route.ServiceSet;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallHeadersTest {
    private static final Rpc RPC = ServiceSet.own(Map.of()).rpcs().getFirst();

    private static RequestHeaders of(int bytesMax, String name, String... values) {
        var call =
                RequestHeaders.builder(HttpMethod.POST, "/a/B").scheme("http").authority("a:1");
        var client = RequestHeaders.builder(HttpMethod.GET, "/v1/a")
                .add(name, List.of(values))
                .add("tracestate", "a=1")
                .build();
        var admitted = new TokenGate.Admitted("Bearer x", null);
        return CallHeaders.of(RPC, call, client, admitted, "id", "192.0.2.1", bytesMax)
                .build();
    }

    private static void assertRefused(String reason, Status.Code code, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure().reason()).isEqualTo(reason);
            assertThat(e.failure().code()).isEqualTo(code);
        });
    }

    /// RFC 9113, section 6.5.2: names, values, and 32 bytes for each; the length of the message and the time come to
    /// them later.
    @Test
    void areTakenUpToTheirBound() {
        int bytes = "content-length".length() + "8388608".length() + 32;
        bytes += "grpc-timeout".length() + "99999999m".length() + 32;
        for (var header : of(1 << 20, "if-match", "\"1\"", "\"22\"")) {
            bytes += header.getKey().length() + header.getValue().length() + 32;
        }
        int exactly = bytes;

        assertThat(of(exactly, "if-match", "\"1\"", "\"22\"").getAll("if-match"))
                .containsExactly("\"1\"", "\"22\"");
        assertRefused(
                "HEADERS_TOO_LARGE",
                Status.Code.RESOURCE_EXHAUSTED,
                () -> of(exactly - 1, "if-match", "\"1\"", "\"22\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"idempotency-key", "validate-only", "range", "if-range"})
    void thatMayComeOnceAreRefusedWhenTheyCameTwice(String name) {
        assertThat(of(8192, name, "a").get(name)).isEqualTo("a");
        assertRefused("INVALID_HEADER", Status.Code.INVALID_ARGUMENT, () -> of(8192, name, "a", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"if-match", "if-none-match", "accept-language"})
    void thatAreListsGoAlongHoweverOftenTheyCame(String name) {
        assertThat(of(8192, name, "a", "b").getAll(name)).containsExactly("a", "b");
    }

    @Test
    void beginATraceAnewUnlessThereIsOneParent() {
        assertThat(of(8192, "traceparent", "a").getAll("traceparent")).containsExactly("a");
        assertThat(of(8192, "traceparent", "a").get("tracestate")).isEqualTo("a=1");
        assertThat(of(8192, "traceparent", "a", "b").names())
                .extracting(Object::toString)
                .doesNotContain("traceparent", "tracestate");
        assertThat(of(8192, "range", "a").names()).extracting(Object::toString).doesNotContain("tracestate");
    }

    @Test
    void haveTheFirstAgentOfTheClientAndNotAllOfIt() {
        assertThat(of(8192, "user-agent", "a".repeat(257), "b").getAll("x-client-agent"))
                .containsExactly("a".repeat(256));
    }
}
