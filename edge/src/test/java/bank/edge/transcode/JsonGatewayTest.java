package bank.edge.transcode;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.edge.route.HttpRule;
import bank.edge.route.ServiceSet;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonGatewayTest {
    /// A rule of this kind.
    private static HttpRule rule(String kind) {
        HttpRule some = ServiceSet.own(Map.of()).rpcs().stream()
                .flatMap(rpc -> HttpRule.of(rpc).stream())
                .filter(rule -> rule.rpc().path().equals("/bank.v1.AuthService/Logout"))
                .findFirst()
                .orElseThrow();
        return new HttpRule(kind, some.template(), some.rpc(), some.body(), some.responseBody());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "*"})
    void takesRulesOfTheKindsThatReachIt(String kind) {
        assertThatCode(() -> JsonGateway.requireSupported(rule(kind))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOCK", "PROPFIND", "QUERY", "CONNECT", "UNKNOWN", "get", "Get"})
    void refusesRulesOfOthers(String kind) {
        assertThatThrownBy(() -> JsonGateway.requireSupported(rule(kind)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(kind + " /v1/auth/logout (/bank.v1.AuthService/Logout): the edge receives no requests of"
                        + " this kind, only of *, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, TRACE");
    }
}
