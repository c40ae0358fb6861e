package bank.identity.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.0/25, 192.0.2.127, true",
        "192.0.2.0/25, 192.0.2.128, false",
        "0.0.0.0/0, 192.0.2.7, true",
        "0.0.0.0/0, ::1, false",
        "127.0.0.0/8, ::ffff:127.0.0.1, true",
        "2001:db8::/32, 2001:db8:1::1, true",
        "2001:db8::/32, 2001:db9::1, false"
    })
    void coversWhatBeginsAlike(String range, String address, boolean covered) {
        assertThat(AddressRange.parse(range).orElseThrow().covers(InetAddress.ofLiteral(address)))
                .isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "edge", "192.0.2.7/", "192.0.2.7/33", "192.0.2.7/-1", "192.0.2.7/8/8", "::1/129"})
    void asksNobodyForNames(String text) {
        assertThat(AddressRange.parse(text)).isEmpty();
    }
}
