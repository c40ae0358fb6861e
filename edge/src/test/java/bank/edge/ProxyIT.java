package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The test services tell the address they were told in `file_name`.
class ProxyIT {
    private static final String PATH = "/v1/abs/documents/789";

    private static String told(TestBank bank, String header, String value) {
        var answer = bank.send(bank.request(PATH).header(header, value));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().replaceAll(".*\"file_name\":\"([^\"]*)\".*", "$1");
    }

    @Test
    void believesNobodyByDefault() {
        try (var bank = new TestBank()) {
            assertThat(told(bank, "X-Forwarded-For", "192.0.2.7")).isEqualTo("127.0.0.1");
            assertThat(told(bank, "Forwarded", "for=192.0.2.7")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void believesNobodyElse() {
        try (var bank = new TestBank(Map.of("bank.edge.proxies.trusted", "10.0.0.0/8,127.0.0.2"))) {
            assertThat(told(bank, "X-Forwarded-For", "192.0.2.7")).isEqualTo("127.0.0.1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "192.0.2.7; 192.0.2.7",
                "203.0.113.9, 192.0.2.7; 192.0.2.7",
                "203.0.113.9, 192.0.2.7, 10.0.0.3; 192.0.2.7",
                "2001:db8::1; 2001:db8:0:0:0:0:0:1",
                "10.0.0.4, 10.0.0.3; 10.0.0.4",
                "192.0.2.7:4711; 192.0.2.7",
                "192.0.2.7, unknown; 127.0.0.1",
                "192.0.2.7, ; 127.0.0.1",
                "nonsense; 127.0.0.1"
            })
    void takesTheLastAddressThatIsNoTrustedProxy(String header, String client) {
        try (var bank = new TestBank(Map.of("bank.edge.proxies.trusted", "127.0.0.0/8, 10.0.0.0/8"))) {
            assertThat(told(bank, "X-Forwarded-For", header)).isEqualTo(client);
            assertThat(told(bank, "Forwarded", "for=198.51.100.1")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void readsForwardedInsteadWhenConfigured() {
        try (var bank = new TestBank(
                Map.of("bank.edge.proxies.trusted", "127.0.0.1", "bank.edge.proxies.header", "Forwarded"))) {
            assertThat(told(bank, "Forwarded", "for=203.0.113.9, for=\"[2001:db8::1]:4711\";proto=https"))
                    .isEqualTo("2001:db8:0:0:0:0:0:1");
            assertThat(told(bank, "Forwarded", "for=203.0.113.9, by=192.0.2.1")).isEqualTo("127.0.0.1");
            assertThat(told(bank, "Forwarded", "for=203.0.113.9, For=192.0.2.7"))
                    .isEqualTo("192.0.2.7");
            assertThat(told(bank, "X-Forwarded-For", "192.0.2.7")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void countsRequestsByTheClientsAddress() {
        try (var bank = new TestBank(
                Map.of("bank.edge.proxies.trusted", "127.0.0.1", "bank.edge.rates.address-per-minute", "1"))) {
            assertThat(told(bank, "X-Forwarded-For", "192.0.2.7")).isEqualTo("192.0.2.7");
            assertThat(told(bank, "X-Forwarded-For", "192.0.2.8")).isEqualTo("192.0.2.8");
            assertThat(bank.send(bank.request(PATH).header("X-Forwarded-For", "192.0.2.7"))
                            .statusCode())
                    .isEqualTo(429);
        }
    }

    @Test
    void refusesWhatIsNoAddress() {
        assertThatThrownBy(() -> TestBank.wire(Map.of("bank.edge.proxies.trusted", "10.0.0.0/33")))
                .hasMessageContaining("bank.edge.proxies.trusted");
        assertThatThrownBy(() -> TestBank.wire(Map.of("bank.edge.proxies.header", "x-real-ip")))
                .hasMessageContaining("bank.edge.proxies.header");
    }
}
