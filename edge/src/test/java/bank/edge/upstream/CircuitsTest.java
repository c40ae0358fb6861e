package bank.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import bank.edge.EdgeConfig;
import bank.platform.config.Settings;
import bank.testing.ExpectedLog;
import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.circuitbreaker.CircuitState;
import com.linecorp.armeria.client.endpoint.DynamicEndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CircuitsTest {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN Circuits 192.0.2.");

    private static final Endpoint A = endpoint(1);
    private static final Endpoint B = endpoint(2);
    private static final Endpoint C = endpoint(3);

    private final Circuits circuits = new Circuits(Settings.of(
                    EdgeConfig.class,
                    Map.of(
                            "bank.edge.upstreams.identity", "identity:1",
                            "bank.edge.upstreams.document", "document:2",
                            "bank.edge.upstreams.contract", "contract:3",
                            "bank.edge.upstreams.registry", "registry:4",
                            "bank.edge.tokens.issuer", "https://bank.test"))
            .upstream());

    private static Endpoint endpoint(int last) {
        return Endpoint.of("192.0.2." + last, 80);
    }

    /// What DNS says of a name.
    private static final class Name extends DynamicEndpointGroup {
        Name(EndpointSelectionStrategy strategy, Endpoint... first) {
            super(strategy);
            become(first);
        }

        void become(Endpoint... addresses) {
            setEndpoints(List.of(addresses));
        }
    }

    private static void selectAll(EndpointGroup group) {
        var ctx = ClientRequestContext.of(HttpRequest.of(HttpMethod.GET, "/"));
        group.endpoints().forEach(_ -> group.selectNow(ctx));
    }

    private void leaveOut(Endpoint address) {
        circuits.of(address).enterState(CircuitState.OPEN);
    }

    private boolean isLeftOut(Endpoint address) {
        return circuits.of(address).circuitState() == CircuitState.OPEN;
    }

    @Test
    void forgetAddressesThatAreGone() {
        var name = new Name(circuits, A, B);
        selectAll(name);
        leaveOut(A);
        leaveOut(B);

        name.become(B, C);

        assertThat(isLeftOut(A)).isFalse();
        assertThat(isLeftOut(B)).isTrue();
        assertThat(isLeftOut(C)).isFalse();
    }

    @Test
    void keepNoMoreThanThereAreHoweverManyCameAndWent() {
        var name = new Name(circuits, A);
        var all = IntStream.range(4, 250).mapToObj(CircuitsTest::endpoint).toArray(Endpoint[]::new);
        for (Endpoint one : all) {
            name.become(one);
            selectAll(name);
            assertThat(circuits.known()).containsExactly(one);
        }
    }

    @Test
    void keepAnAddressThatAnotherGroupHas() {
        var name = new Name(circuits, A, B);
        var other = new Name(circuits, A);
        selectAll(name);
        selectAll(other);
        leaveOut(A);

        name.become(B);
        assertThat(isLeftOut(A)).isTrue();

        other.become(C);
        assertThat(isLeftOut(A)).isFalse();
    }

    @Test
    void knowTheAddressesOfSeveralNamesTogether() {
        var one = new Name(circuits, A);
        var other = new Name(circuits, B);
        var both = EndpointGroup.of(circuits, one, other);
        selectAll(both);
        leaveOut(A);
        leaveOut(B);

        one.become(C);

        assertThat(isLeftOut(A)).isFalse();
        assertThat(isLeftOut(B)).isTrue();
    }

    @Test
    void passOverWhatIsToldOfAnAddressThatIsGone() {
        var name = new Name(circuits, A);
        selectAll(name);
        name.become(B);

        circuits.report(A, false);

        assertThat(circuits.known()).isEmpty();
    }
}
