package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A person who signs in to an application by the bank's pages, in a headless Chromium. Skipped where no Chromium with
/// its driver is installed. Leaves screenshots in `target/sign-in-page`.
class SignInPageIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static HttpServer application;

    @BeforeAll
    static void start() throws Exception {
        application = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        application.createContext("/", exchange -> {
            var page =
                    "<!DOCTYPE html><title>back</title><link rel=icon href='data:,'>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        application.start();
    }

    @AfterAll
    static void stop() {
        application.stop(0);
    }

    private static String callback() {
        return "http://127.0.0.1:" + application.getAddress().getPort() + "/callback";
    }

    private static String address(String client) {
        return bank.uri().resolve("/oauth2/authorize") + "?response_type=code&client_id=" + client + "&redirect_uri="
                + URLEncoder.encode(callback(), StandardCharsets.UTF_8)
                + "&scope=openid+documents:read&state=s1&code_challenge_method=S256"
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    }

    @Test
    void aPersonLetsAnApplicationIn() throws Exception {
        var chrome = Chromium.open("ru");
        try {
            var page = new SignInPage(chrome);
            page.narrow();
            chrome.get(address("budget-app"));
            assertThat(chrome.getTitle()).isEqualTo("Вход в банк");
            assertThat(page.names()).containsExactly("Электронная почта", "Пароль", "Войти", "Отмена");
            assertThat(page.looksRight()).isTrue();
            Chromium.picture(chrome, "sign-in-page", "sign-in.png");

            page.signIn("client@demo.test", "wrong password 1");
            assertThat(page.problem()).contains("не подходят друг к другу");
            assertThat(page.looksRight()).isTrue();
            Chromium.picture(chrome, "sign-in-page", "wrong.png");

            page.signIn("client@demo.test", RunningBank.PASSWORD);
            assertThat(page.wishes()).containsExactly("узнать, что это вы", "видеть и скачивать ваши документы");
            assertThat(page.looksRight()).isTrue();
            Chromium.picture(chrome, "sign-in-page", "consent.png");

            page.press("Разрешить");
            assertThat(page.addressAt(callback())).contains("code=", "state=s1", "iss=");
            // The wrong password is told by its status.
            assertThat(Chromium.complaints(chrome)).noneMatch(each -> each.contains("Content Security Policy"));
        } finally {
            chrome.quit();
        }
    }

    @Test
    void aPersonTurnsBackOrSignsInToTheBanksOwn() throws Exception {
        var chrome = Chromium.open("ru");
        try {
            var page = new SignInPage(chrome);
            chrome.get(address("budget-app"));
            page.press("Отмена");
            assertThat(page.addressAt(callback())).contains("error=access_denied", "state=s1");

            chrome.get(address("budget-app"));
            page.signIn("client@demo.test", RunningBank.PASSWORD);
            page.wishes();
            page.press("Не разрешать");
            assertThat(page.addressAt(callback())).contains("error=access_denied");

            chrome.get(address("bank-web").replace("+documents:read", ""));
            Chromium.picture(chrome, "sign-in-page", "wide.png");
            page.signIn("client@demo.test", RunningBank.PASSWORD);
            assertThat(page.addressAt(callback())).contains("code=");

            chrome.get(bank.uri().resolve("/oauth2/authorize").toString());
            assertThat(page.problem()).contains("составлен неверно");
            Chromium.picture(chrome, "sign-in-page", "problem.png");
            assertThat(Chromium.complaints(chrome)).noneMatch(each -> each.contains("Content Security Policy"));
        } finally {
            chrome.quit();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ru", "en"})
    void thePagesFitWhateverTheyAreShownOn(String language) throws Exception {
        var chrome = Chromium.open(language);
        try {
            var page = new SignInPage(chrome);
            for (var width : List.of(320, 360, 412, 1280)) {
                page.resize(width);
                chrome.get(address("budget-app") + "&ui_locales=" + language);
                assertThat(page.looksRight())
                        .as("sign-in, %d pixels wide", width)
                        .isTrue();
                Chromium.picture(chrome, "sign-in-page", "sign-in-" + language + "-" + width + ".png");
                page.signIn("client@demo.test", RunningBank.PASSWORD);
                assertThat(page.wishes()).hasSize(2);
                assertThat(page.looksRight())
                        .as("consent, %d pixels wide", width)
                        .isTrue();
                Chromium.picture(chrome, "sign-in-page", "consent-" + language + "-" + width + ".png");
            }
        } finally {
            chrome.quit();
        }
    }
}
