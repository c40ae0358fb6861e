package bank.identity;

import static bank.identity.OAuthForm.header;
import static bank.identity.OAuthForm.request;
import static bank.identity.OAuthForm.send;
import static bank.identity.RunningIdentity.PASSWORD;
import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.encoded;
import static bank.identity.TestBrowser.form;
import static bank.identity.TestBrowser.parameters;
import static bank.identity.TestBrowser.query;
import static bank.identity.TestBrowser.target;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The sign-in of a browser that somebody else directs.
final class SignInAttacksIT {
    /// What may be wrong with a request besides where it wants its answer.
    private static final List<String> WRONGS = List.of(
            "response_type=token",
            "response_type=code%20id_token",
            "response_type=",
            "response_mode=fragment",
            "response_mode=form_post",
            "response_mode=query.jwt",
            "response_mode=web_message",
            "scope=no%3Asuch",
            "code_challenge=short",
            "code_challenge=",
            "code_challenge_method=plain",
            "code_challenge_method=",
            "prompt=none",
            "prompt=whatever",
            "max_age=-1",
            "nonce=%0A",
            "nonce=a&nonce=b",
            "request=e30",
            "request_uri=https%3A%2F%2Fevil.example%2Fr",
            "registration=e30");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static String email;

    private final TestBrowser browser = new TestBrowser(identity);

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                new TestClock(Instant.parse("2026-03-01T12:00:00Z")),
                Map.of("bank.identity.demo", "true"));
        email = identity.registered().getEmail();
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    /// The query with other parameters of the name.
    private static String with(String query, String pairs) {
        var name = pairs.substring(0, pairs.indexOf('='));
        return query.replaceAll("&?\\b" + name + "=[^&]*", "") + "&" + pairs;
    }

    private static void isOver(Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("location")).isNull();
        assertThat(answer.body()).contains("This page no longer holds.").doesNotContain("<form");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/callback",
                "//evil.example/callback",
                "/callback",
                "javascript:alert(1)",
                "http://127.0.0.1.evil.example/callback",
                "http://127.0.0.1@evil.example/callback",
                "http://user@127.0.0.1/callback",
                "http://127.0.0.1:53100@evil.example/callback",
                "http://127.0.0.1\\@evil.example/callback",
                "http://evil.example\\.127.0.0.1/callback",
                "http://127.0.0.1:53100/callback#part",
                "http://127.0.0.1:53100/callback%23part",
                "http://127.0.0.1:53100/callback?more=1",
                "http://127.0.0.1:53100/callback/",
                "http://127.0.0.1:53100/callback/../other",
                "http://127.0.0.1:53100/callback/%2e%2e/other",
                "http://127.0.0.1:53100/%63allback",
                "http://127.0.0.1:53100/CALLBACK",
                "HTTP://127.0.0.1:53100/callback",
                "https://127.0.0.1:53100/callback",
                "http://localhost:53100/callback",
                "http://127.1:53100/callback",
                "http://2130706433:53100/callback",
                "http://127.0.0.1:0x50/callback",
                "http://127.0.0.1:53100/callback\r\nSet-Cookie: a=b",
                " http://127.0.0.1:53100/callback",
                "http://127.0.0.1:53100/callback "
            })
    void nobodyIsSentToAnAddressThatIsNotTheClientsWhateverElseIsWrong(String uri) {
        var base = with(query("bank-web", ""), "redirect_uri=" + encoded(uri));
        for (var wrong : WRONGS) {
            var query = with(base, wrong);
            for (var answer : List.of(browser.open(query), browser.post(query))) {
                assertThat(answer.status()).as(query).isEqualTo(400);
                assertThat(answer.header("location")).as(query).isNull();
                assertThat(answer.body()).doesNotContain("evil.example", "<form");
            }
        }
        for (var twice : List.of(encoded(CALLBACK) + "&redirect_uri=" + encoded(uri), "")) {
            assertThat(browser.open(with(base, "redirect_uri=" + twice)).header("location"))
                    .isNull();
        }
        assertThat(browser.open(with(with(base, "redirect_uri=" + encoded(CALLBACK)), "client_id=nobody"))
                        .header("location"))
                .isNull();
    }

    @Test
    void everyErrorGoesBackInTheQueryWithTheIssuerAndNoCode() {
        for (var wrong : WRONGS) {
            var answer = browser.open(with(query("bank-web", ""), wrong));
            assertThat(target(answer)).as(wrong).isEqualTo(CALLBACK);
            assertThat(answer.header("location")).doesNotContain("#");
            assertThat(parameters(answer))
                    .as(wrong)
                    .containsOnlyKeys("error", "error_description", "state", "iss")
                    .containsEntry("iss", List.of(RunningIdentity.ISSUER));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sec-fetch-site, cross-site",
        "sec-fetch-site, same-site",
        "origin, https://evil.example",
        "origin, http://identity.test.evil.example",
        "origin, http://identity.test:8080",
        "origin, https://identity.test",
    })
    void formsThatAnotherSiteSendsCountForNothingEvenWithTheRightCookie(String name, String value) throws Exception {
        var page = browser.open(query("bank-web", ""));
        var asked = browser.signIn(browser.open(query("budget-app", "openid")), email, PASSWORD);
        var before = trace();
        browser.header(name, value);
        isOver(browser.signIn(page, email, PASSWORD));
        isOver(browser.post("sign_in=" + form(page) + "&cancel=true"));
        isOver(browser.decide(asked, "allow"));
        isOver(browser.decide(asked, "deny"));
        assertThat(trace()).isEqualTo(before);
        // Applications do send users here.
        assertThat(browser.open(query("bank-web", "")).status()).isEqualTo(200);
        assertThat(browser.post(query("bank-web", "")).status()).isEqualTo(200);

        browser.header(name, "");
        assertThat(target(browser.signIn(page, email, PASSWORD))).isEqualTo(CALLBACK);
        assertThat(target(browser.decide(asked, "allow"))).isEqualTo(CALLBACK);
    }

    @ParameterizedTest
    @CsvSource({
        "sec-fetch-site, same-origin",
        "sec-fetch-site, none",
        "origin, null",
        "origin, http://identity.test",
    })
    void formsOfTheBanksOwnPagesCount(String name, String value) {
        var page = browser.open(query("bank-web", ""));
        browser.header(name, value);
        assertThat(target(browser.signIn(page, email, PASSWORD))).isEqualTo(CALLBACK);
    }

    @Test
    void aCookieThatAnAttackerChoseSignsHimInNowhere() throws Exception {
        var attacker = new TestBrowser(identity);
        var prepared = attacker.open(query("bank-web", ""));
        var own = attacker.open(query("budget-app", "openid"));
        browser.cookie(attacker.cookie());
        var page = browser.open(query("bank-web", ""));
        assertThat(browser.cookie()).isEqualTo(attacker.cookie());
        assertThat(form(page)).isNotEqualTo(form(prepared));
        assertThat(target(browser.signIn(page, email, PASSWORD))).isEqualTo(CALLBACK);

        var before = trace();
        assertThat(attacker.open(query("bank-web", "")).body()).contains("type=\"password\"");
        isOver(attacker.decide(prepared, "allow"));
        isOver(attacker.decide(own, "allow"));
        assertThat(attacker.signIn(prepared, email, "not the password").status())
                .isEqualTo(403);
        assertThat(codes()).isEqualTo(before.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth2/token", "/oauth2/revoke", "/oauth2/introspect"})
    void aClientNamedInTwoWaysIsNone(String path) {
        var form = "grant_type=client_credentials&token=x";
        var basic = header("authorization", OAuthForm.basic("abs-integration", "demo-secret-2026"));
        for (var more : List.of(
                "&client_id=bank-cli",
                "&client_id=ABS-INTEGRATION",
                "&client_id=abs-integration&client_id=bank-cli",
                "&client_id=abs-integration&client_id=abs-integration",
                "&client_secret=demo-secret-2026",
                "&client_id=abs-integration&client_secret=demo-secret-2026",
                "&client_secret=a&client_secret=b")) {
            var answer =
                    send(identity.oauth(), request("POST", path, form + more).addHeaders(basic));
            assertThat(answer.status()).as(more).isEqualTo(400);
            assertThat(answer.error()).as(more).isEqualTo("invalid_request");
        }
        var twice = send(
                identity.oauth(), request("POST", path, form).addHeaders(basic).addHeaders(basic));
        assertThat(twice.error()).isEqualTo("invalid_request");
        assertThat(send(identity.oauth(), request("POST", path, form).addHeaders(basic))
                        .error())
                .isNotEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth2/token", "/oauth2/revoke", "/oauth2/introspect"})
    void nothingOfTheQueryCounts(String path) throws Exception {
        var tokens = identity.login(email, PASSWORD);
        var before = trace();
        var query = "grant_type=refresh_token&client_id=bank-cli&refresh_token=" + tokens.getRefreshToken() + "&token="
                + tokens.getRefreshToken();
        for (var body : List.of("", "x=y", "client_id=bank-cli")) {
            var answer = send(identity.oauth(), request("POST", path, body).setQuery(query));
            assertThat(answer.status()).as(body).isBetween(400, 401);
        }
        assertThat(send(identity.oauth(), request("GET", path, "").setQuery(query))
                        .status())
                .isEqualTo(405);
        assertThat(trace()).isEqualTo(before);
    }

    /// What a sign-in leaves behind: codes, sessions, and what the audit log tells.
    private static List<String> trace() throws Exception {
        return List.of(
                codes(),
                count("session WHERE ended_at IS NULL"),
                count("audit_event"),
                Sql.read(postgres.database(), "SELECT coalesce(sum(generation), 0)::text FROM session")
                        .getFirst());
    }

    private static String codes() throws Exception {
        return count("authorization_code");
    }

    private static String count(String what) throws Exception {
        return Sql.read(postgres.database(), "SELECT count(*) FROM " + what).getFirst();
    }
}
