package bank.identity.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.HttpHeader;
import bank.v1.RawHttpRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which pages send the forms of the bank.
final class BrowserCookieTest {
    private static final String VALUE = "a".repeat(43);

    @ParameterizedTest
    @CsvSource({
        "https://bank.example.com/,        https://bank.example.com,      true",
        "https://Bank.Example.com:443,     https://bank.example.com,      true",
        "HTTPS://bank.example.com,         https://bank.example.com,      true",
        "https://bank.example.com:8443/,   https://bank.example.com:8443, true",
        "https://bank.example.com:8443,    https://bank.example.com,      false",
        "https://bank.example.com,         http://bank.example.com,       false",
        "https://bank.example.com,         https://bank.example.org,      false",
    })
    void formsOfTheIssuersOriginCount(String issuer, String origin, boolean counts) {
        var request = RawHttpRequest.newBuilder()
                .addHeaders(header("cookie", "__Host-sign-in=" + VALUE))
                .addHeaders(header("origin", origin))
                .build();
        assertThat(new BrowserCookie(issuer).ofForm(request)).isEqualTo(counts ? VALUE : null);
    }

    private static HttpHeader header(String name, String value) {
        return HttpHeader.newBuilder().setName(name).setValue(value).build();
    }
}
