package bank.identity;

import static bank.identity.RunningIdentity.PASSWORD;
import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.code;
import static bank.identity.TestBrowser.encoded;
import static bank.identity.TestBrowser.form;
import static bank.identity.TestBrowser.parameters;
import static bank.identity.TestBrowser.query;
import static bank.identity.TestBrowser.target;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages a user signs in by, as browsers and attackers send them.
final class SignInPagesIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static RunningIdentity identity;
    private static String email;

    private final TestBrowser browser = new TestBrowser(identity);

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), clock, Map.of("bank.identity.demo", "true"));
        email = identity.registered().getEmail();
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    private static long codes() throws Exception {
        return Long.parseLong(Sql.read(postgres.database(), "SELECT count(*) FROM authorization_code")
                .getFirst());
    }

    private static List<String> lastAudit() throws Exception {
        return Sql.read(
                postgres.database(),
                "SELECT type || ' ' || subject || ' ' || detail FROM audit_event ORDER BY number DESC LIMIT 1");
    }

    private Answer consentPage() {
        return browser.signIn(browser.open(query("budget-app", "openid documents:read")), email, PASSWORD);
    }

    private static void isOver(Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("location")).isNull();
        assertThat(answer.body()).contains("This page no longer holds.").doesNotContain("<form");
    }

    @Test
    void giveTheBanksOwnClientACodeForThePassword() throws Exception {
        var page = browser.open(query("bank-web", "openid"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("cache-control")).isEqualTo("no-store");
        assertThat(page.header("set-cookie"))
                .matches("sign-in=[A-Za-z0-9_-]{43}; Path=/oauth2; HttpOnly; SameSite=Lax");

        var done = browser.signIn(page, email.toUpperCase(Locale.ROOT), PASSWORD);
        assertThat(target(done)).isEqualTo(CALLBACK);
        assertThat(done.header("cache-control")).isEqualTo("no-store");
        assertThat(parameters(done))
                .containsOnlyKeys("code", "state", "iss")
                .containsEntry("state", List.of("st &ate"))
                .containsEntry("iss", List.of(RunningIdentity.ISSUER));
        assertThat(code(done)).matches("[A-Za-z0-9_-]{43}");
        assertThat(lastAudit())
                .singleElement()
                .asString()
                .matches("CODE_ISSUED user:\\d+ client bank-web, scopes openid");
        assertThat(Sql.read(postgres.database(), "SELECT encode(digest, 'escape') FROM authorization_code"))
                .noneMatch(digest -> digest.contains(code(done)));
    }

    @Test
    void askWhetherAnotherClientMayActForTheUser() throws Exception {
        var asked = consentPage();
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.body())
                .contains("<strong>Budget</strong>", "see and download your documents", "know that it is you", email)
                .doesNotContain("upload, change");
        assertThat(lastAudit()).singleElement().asString().matches("CONSENT_ASKED user:\\d+ client budget-app");

        var done = browser.decide(asked, "allow");
        assertThat(target(done)).isEqualTo(CALLBACK);
        assertThat(parameters(done)).containsOnlyKeys("code", "state", "iss");
        assertThat(lastAudit())
                .singleElement()
                .asString()
                .contains("CODE_ISSUED", "client budget-app", "documents:read");
    }

    @Test
    void tellTheClientThatTheUserDoesNotWantTo() throws Exception {
        var asked = consentPage();
        var refused = browser.decide(asked, "deny");
        assertThat(target(refused)).isEqualTo(CALLBACK);
        assertThat(parameters(refused))
                .containsOnlyKeys("error", "error_description", "state", "iss")
                .containsEntry("error", List.of("access_denied"))
                .containsEntry("state", List.of("st &ate"))
                .containsEntry("iss", List.of(RunningIdentity.ISSUER));
        assertThat(lastAudit())
                .singleElement()
                .asString()
                .startsWith("CONSENT_REFUSED")
                .endsWith("client budget-app");

        isOver(browser.decide(asked, "allow"));
        isOver(browser.decide(asked, "deny"));

        var before = codes();
        var page = browser.open(query("bank-web", ""));
        var cancelled = browser.post("sign_in=" + form(page) + "&email=&password=&cancel=true");
        assertThat(parameters(cancelled)).containsEntry("error", List.of("access_denied"));
        assertThat(codes()).isEqualTo(before);
    }

    @Test
    void sayTheSameOfAWrongPasswordAndOfAnUnknownUser() {
        var page = browser.open(query("bank-web", ""));
        var wrong = browser.signIn(page, email, "wrong password 1");
        var unknown = browser.signIn(page, "nobody-" + email, PASSWORD);
        var endless = browser.signIn(page, email, "a".repeat(1_025));
        for (var answer : List.of(wrong, unknown, endless)) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body())
                    .contains(
                            "role=\"alert\"",
                            "E-mail and password do not belong together.",
                            "aria-describedby=\"problem\"");
        }
        assertThat(wrong.body()).contains("value=\"" + email + "\"").doesNotContain("wrong password 1");
        assertThat(target(browser.signIn(wrong, email, PASSWORD))).isEqualTo(CALLBACK);
    }

    @Test
    void tellOnlyWhoKnowsThePasswordThatTheAccountIsBlocked() throws Exception {
        var blocked = identity.registered();
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'BLOCKED' WHERE id = " + blocked.getId());
        var page = browser.open(query("bank-web", ""));
        assertThat(browser.signIn(page, blocked.getEmail(), "wrong password 1").body())
                .contains("E-mail and password do not belong together.");
        var right = browser.signIn(page, blocked.getEmail(), PASSWORD);
        assertThat(right.status()).isEqualTo(403);
        assertThat(right.body()).contains("This account may not sign in");
    }

    @Test
    void areForTheBrowserTheyWereMadeForAlone() throws Exception {
        var before = codes();
        var page = browser.open(query("bank-web", ""));
        var own = browser.cookie();
        var asked = consentPage();
        for (var other : List.of(
                "",
                "sign-in=" + "A".repeat(43),
                "sign-in=",
                own + "; sign-in=" + "A".repeat(43),
                "other=" + own.substring(own.indexOf('=') + 1))) {
            browser.cookie(other);
            isOver(browser.signIn(page, email, PASSWORD));
            isOver(browser.decide(asked, "allow"));
            isOver(browser.decide(asked, "deny"));
            isOver(browser.post("sign_in=" + form(page) + "&cancel=true"));
        }
        assertThat(codes()).isEqualTo(before);
        browser.cookie("theme=dark; " + own);
        assertThat(target(browser.signIn(page, email, PASSWORD))).isEqualTo(CALLBACK);
    }

    @Test
    void keepTheCookieOfABrowserThatHasOne() {
        browser.open(query("bank-web", ""));
        var first = browser.cookie();
        browser.open(query("bank-web", ""));
        assertThat(browser.cookie()).isEqualTo(first);
        browser.cookie("sign-in=chosen-by-somebody");
        browser.open(query("bank-web", ""));
        assertThat(browser.cookie()).isNotEqualTo("sign-in=chosen-by-somebody").startsWith("sign-in=");
    }

    @Test
    void giveOneCodeHoweverOftenTheyAreSent() throws Exception {
        var asked = consentPage();
        var first = browser.decide(asked, "allow");
        assertThat(code(browser.decide(asked, "allow"))).isEqualTo(code(first));
        Sql.update(
                postgres.database(),
                "UPDATE authorization_code SET spent_at = created_at, session_id = gen_random_uuid()");
        isOver(browser.decide(asked, "allow"));
    }

    @Test
    void letNobodyElseUseAPageThatSignedSomebodyIn() {
        var page = browser.open(query("bank-web", ""));
        browser.signIn(page, email, PASSWORD);
        isOver(browser.signIn(page, identity.registered().getEmail(), PASSWORD));
    }

    @Test
    void endAfterTenMinutes() throws Exception {
        var before = codes();
        var page = browser.open(query("bank-web", ""));
        var asked = consentPage();
        clock.advance(Duration.ofMinutes(10).minusSeconds(1));
        assertThat(target(browser.signIn(page, email, PASSWORD))).isEqualTo(CALLBACK);
        clock.advance(Duration.ofSeconds(1));
        isOver(browser.decide(asked, "allow"));
        var late = browser.signIn(page, email, PASSWORD);
        assertThat(late.status()).isEqualTo(400);
        assertThat(late.body()).contains("The page was open for too long.");
        assertThat(codes()).isEqualTo(before + 1);
        assertThat(target(browser.signIn(late, email, PASSWORD))).isEqualTo(CALLBACK);
    }

    @Test
    void takeNoFormThatTheyDidNotMake() throws Exception {
        var before = codes();
        var page = browser.open(query("bank-web", ""));
        var asked = consentPage();
        var sealed = form(asked);
        var changed = sealed.substring(0, 60) + (sealed.charAt(60) == 'A' ? 'B' : 'A') + sealed.substring(61);
        isOver(browser.post("consent=" + changed + "&decision=allow"));
        isOver(browser.post("consent=&decision=allow"));
        isOver(browser.post("consent=" + "A".repeat(50_000) + "&decision=allow"));
        isOver(browser.post("consent=" + form(page) + "&decision=allow"));
        isOver(browser.post("sign_in=" + sealed + "&email=" + encoded(email) + "&password=" + encoded(PASSWORD)));
        isOver(browser.post("consent=" + sealed + "&consent=" + sealed + "&decision=allow"));
        isOver(browser.post("consent=" + sealed));
        isOver(browser.post("consent=" + sealed + "&decision=allow&decision=deny"));
        assertThat(codes()).isEqualTo(before);
    }

    @Test
    void holdNoLongerThanTheClientsRegistration() throws Exception {
        var page = browser.open(query("bank-web", ""));
        try {
            Sql.update(postgres.database(), "UPDATE oauth_client SET redirect_uris = '{}' WHERE id = 'bank-web'");
            isOver(browser.signIn(page, email, PASSWORD));
        } finally {
            Sql.update(
                    postgres.database(),
                    "UPDATE oauth_client SET redirect_uris = '{http://127.0.0.1/callback}' WHERE id = 'bank-web'");
        }
    }

    @Test
    void sendNobodyToAnAddressThatIsNotTheClients() {
        for (var uri : List.of(
                "",
                "https://evil.example/",
                "http://127.0.0.1:80@evil.example/callback",
                "http://127.0.0.1/callback/../x",
                "//evil.example",
                "http://127.0.0.1/callback#x",
                "http://127.0.0.1/Callback")) {
            var answer = browser.open(query("bank-web", "").replace(encoded(CALLBACK), encoded(uri)) + "&prompt=none");
            assertThat(answer.status()).as(uri).isEqualTo(400);
            assertThat(answer.header("location")).isNull();
            assertThat(answer.header("set-cookie")).isNull();
            assertThat(answer.body()).contains("does not know as its own").doesNotContain("evil.example");
        }
        assertThat(browser.open(query("nobody", "")).body()).contains("does not know the application");
        assertThat(browser.open("").body()).contains("malformed");
        assertThat(browser.open("a".repeat(8 * 1024 + 1)).body()).contains("malformed");
    }

    @Test
    void tellTheClientOfAWrongRequest() {
        var answer = browser.open(query("bank-web", "").replace("S256", "plain"));
        assertThat(target(answer)).isEqualTo(CALLBACK);
        assertThat(parameters(answer))
                .containsOnlyKeys("error", "error_description", "state", "iss")
                .containsEntry("error", List.of("invalid_request"))
                .containsEntry("iss", List.of(RunningIdentity.ISSUER));
    }

    @Test
    void takeRequestsByPostToo() {
        var page = browser.post(query("bank-web", "") + "&login_hint=" + encoded("\"><i>@x.org"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("value=\"&quot;&gt;&lt;i&gt;@x.org\"").doesNotContain("<i>");
        assertThat(target(browser.signIn(page, email, PASSWORD))).isEqualTo(CALLBACK);
        var json = OAuthForm.send(
                identity.oauth(),
                OAuthForm.request("POST", "/oauth2/authorize", "")
                        .setBody(ByteString.copyFromUtf8(query("bank-web", "")))
                        .addHeaders(OAuthForm.header("content-type", "application/json")));
        assertThat(json.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ru", "en"})
    void speakTheLanguageOfTheBrowserAndNeedNoScript(String language) {
        var reader = new TestBrowser(identity, language);
        var page = reader.open(query("budget-app", "openid"));
        var asked = reader.signIn(page, email, PASSWORD);
        var problem = reader.open("");
        for (var answer : List.of(page, asked, problem)) {
            assertThat(answer.body())
                    .startsWith("<!DOCTYPE html>\n<html lang=\"" + language + "\">")
                    .contains("<title>", "<h1>", "width=device-width")
                    .doesNotContain("<script", "style=", "onclick", "%s");
        }
        assertThat(page.body())
                .contains(
                        language.equals("ru") ? "Электронная почта" : "E-mail",
                        "<label for=\"email\">",
                        "autocomplete=\"username\"",
                        "<label for=\"password\">",
                        "autocomplete=\"current-password\"",
                        "form-action &#39;self&#39; http://127.0.0.1:53100\"");
        assertThat(asked.body()).contains(language.equals("ru") ? "узнать, что это вы" : "know that it is you");
    }

    @Test
    void haveAStyleSheetOfTheirOwn() {
        var css = OAuthForm.send(identity.oauth(), OAuthForm.request("GET", "/oauth2/page.css", ""));
        assertThat(css.status()).isEqualTo(200);
        assertThat(css.contentType()).isEqualTo("text/css; charset=utf-8");
        assertThat(css.body()).contains("focus-visible");
    }

    @Test
    void haveACookieThatNoOtherHostSetsWhereTheBankHasHttps() {
        try (var https = RunningIdentity.start(
                postgres.database(), clock, Map.of("bank.identity.tokens.issuer", "https://bank.example"))) {
            var secured = new TestBrowser(https);
            var page = secured.open(query("bank-web", ""));
            assertThat(page.header("set-cookie"))
                    .matches("__Host-sign-in=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax");
            assertThat(parameters(secured.signIn(page, email, PASSWORD)))
                    .containsEntry("iss", List.of("https://bank.example"));
        }
    }
}
