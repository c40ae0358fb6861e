package bank.identity.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        "2001:db8:0:1:2:3:4:5, 2001:0db8:0000:0001::/64",
        "2001:DB8:0:1::, 2001:0db8:0000:0001::/64",
        "::1, 0000:0000:0000:0000::/64"
    })
    void isWhatTheClientCannotChoose(String address, String network) {
        assertThat(ClientNetwork.of(address)).contains(new ClientNetwork(network));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "bank.example", "192.0.2.7, 192.0.2.8"})
    void asksNobodyForNames(String text) {
        assertThat(ClientNetwork.of(text)).isEmpty();
    }

    @Test
    void tellsNeighbouringNetworksApart() {
        assertThat(ClientNetwork.of("2001:db8:0:1::1")).isNotEqualTo(ClientNetwork.of("2001:db8:0:2::1"));
    }

    @Test
    void isPartOfWhatOneSubscriberMayHave() {
        assertThat(ClientNetwork.of("2001:db8:12:34ff::1").orElseThrow().wider())
                .containsExactly(
                        new ClientNetwork("2001:0db8:0012:3400::/56"), new ClientNetwork("2001:0db8:0012::/48"));
        assertThat(ClientNetwork.of("192.0.2.7").orElseThrow().wider()).isEmpty();
    }
}
