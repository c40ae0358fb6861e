package bank.identity.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectUriTest {
    @ParameterizedTest
    @CsvSource({
        "https://shop.example/signed-in, https://shop.example/signed-in",
        "HTTPS://Shop.Example, https://shop.example/",
        "https://shop.example:443/A/b?q=A%20b, https://shop.example/A/b?q=A%20b",
        "https://shop.example:8443, https://shop.example:8443/",
        "https://192.0.2.7/x, https://192.0.2.7/x",
        "http://127.0.0.1:9004/cb, http://127.0.0.1:9004/cb",
        "http://[::1]:80/cb, http://[::1]/cb",
        "http://LOCALHOST/cb, http://localhost/cb",
        "com.example.app:/signed-in, com.example.app:/signed-in",
        "COM.example.App://Callback, com.example.app://callback/",
        "https://shop.example/a..b/.c, https://shop.example/a..b/.c",
    })
    void takesPlacesInNormalForm(String text, String normal) {
        assertThat(RedirectUri.parse(text)).contains(new RedirectUri(normal));
        assertThat(RedirectUri.parse(normal)).contains(new RedirectUri(normal));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/signed-in",
                "shop.example/signed-in",
                "http://shop.example/",
                "http://127.0.0.1.evil.example/",
                "http://127.0.0.2/",
                "http://localhost@evil.example/",
                "https://user@shop.example/",
                "https://user:password@shop.example/",
                "https://shop.example/#",
                "https://shop.example/#part",
                "https://*.shop.example/",
                "https://shop.example/*",
                "https://shop.example/a/../b",
                "https://shop.example/a/%2E%2e/b",
                "https://shop.example/./b",
                "https://shop.example\\@evil.example/",
                "https://shop.example/a b",
                "https://shop.example/%zz",
                "https://shop.example:99999/",
                "https://shop_a.example/",
                "https://магазин.example/",
                "https:/shop.example",
                "https:///shop",
                "https:shop.example",
                "javascript:alert(1)",
                "data:text/html,x",
                "myapp:/signed-in",
                "com.example.app:signed-in",
                "com.example.app://user@callback/",
                "file:///etc/passwd",
                "https://shop.example/\r\nSet-Cookie:a=b",
            })
    void refusesOthers(String text) {
        assertThat(RedirectUri.parse(text)).isEmpty();
    }
}
