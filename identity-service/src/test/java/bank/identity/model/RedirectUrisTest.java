package bank.identity.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedirectUrisTest {
    private static final List<String> REGISTERED = List.of(
            "https://shop.example/back?from=bank",
            "http://127.0.0.1/callback",
            "http://[::1]:7000/callback",
            "http://localhost/callback",
            "org.example.app:/back");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/back?from=bank",
                "http://127.0.0.1/callback",
                "http://127.0.0.1:1/callback",
                "http://127.0.0.1:65535/callback",
                "http://[::1]/callback",
                "http://[::1]:51004/callback",
                "http://localhost/callback",
                "org.example.app:/back"
            })
    void areTakenLetterByLetterSaveTheLoopbackPort(String presented) {
        assertThat(RedirectUris.allow(REGISTERED, presented)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://shop.example/back",
                "https://shop.example/back?from=bank&more=1",
                "https://shop.example/back?from=bank#part",
                "https://shop.example/back?from=bank/",
                "https://shop.example/back?from=bank ",
                "https://shop.example/BACK?from=bank",
                "https://SHOP.example/back?from=bank",
                "HTTPS://shop.example/back?from=bank",
                "http://shop.example/back?from=bank",
                "https://shop.example:443/back?from=bank",
                "https://shop.example./back?from=bank",
                "https://shop.example.evil.example/back?from=bank",
                "https://shop.example@evil.example/back?from=bank",
                "https://evil.example/https://shop.example/back?from=bank",
                "https://shop.example/other/../back?from=bank",
                "https://shop.example/./back?from=bank",
                "https://shop.example//back?from=bank",
                "https://shop.example/%62ack?from=bank",
                "https://shop.example\\@evil.example/back?from=bank",
                "https://shop.example:1/back?from=bank",
                "https://127.0.0.1/callback",
                "http://127.0.0.1:/callback",
                "http://127.0.0.1:123456/callback",
                "http://127.0.0.1:1@evil.example/callback",
                "http://127.0.0.1:80:80/callback",
                "http://127.0.0.1.evil.example/callback",
                "http://127.0.0.1/callback/",
                "http://127.0.0.1/callback?more=1",
                "http://127.0.0.1/callback#part",
                "http://127.0.0.1",
                "http://127.0.0.2/callback",
                "http://127.1/callback",
                "http://localhost:80/callback",
                "http://[::1%25eth0]/callback",
                "http://[0:0:0:0:0:0:0:1]/callback",
                "http://[::1]:80/callback/more",
                "org.example.app:80/back",
                "org.example.app:/back/",
                "javascript:alert(1)"
            })
    void areNotTakenForOneThatLooksAlike(String presented) {
        assertThat(RedirectUris.allow(REGISTERED, presented)).isFalse();
    }

    @Test
    void endAt1024Characters() {
        var longest = "https://shop.example/" + "a".repeat(1_024 - 21);
        assertThat(RedirectUris.allow(List.of(longest), longest)).isTrue();
        assertThat(RedirectUris.allow(List.of(longest + "a"), longest + "a")).isFalse();
    }
}
