package bank.identity;

import static bank.identity.OAuthForm.post;
import static bank.identity.RunningIdentity.PASSWORD;
import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.VERIFIER;
import static bank.identity.TestBrowser.encoded;
import static bank.identity.TestBrowser.query;
import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.v1.GetMeRequest;
import bank.v1.ListSessionsRequest;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A refresh may ask for less than was granted (RFC 6749, section 6).
final class NarrowerScopeIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ended: a spent refresh token was used");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), Map.of("bank.identity.demo", "true"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    private static Answer granted() {
        var browser = new TestBrowser(identity);
        var page = browser.open(query("budget-app", "openid documents:read documents:upload"));
        var asked = browser.signIn(page, identity.registered().getEmail(), PASSWORD);
        return post(
                identity.oauth(),
                "grant_type=authorization_code&client_id=budget-app&code="
                        + TestBrowser.code(browser.decide(asked, "allow")) + "&redirect_uri=" + encoded(CALLBACK)
                        + "&code_verifier=" + VERIFIER);
    }

    private static Answer signedIn() {
        return post(
                identity.oauth(),
                "grant_type=password&username=" + encoded(identity.registered().getEmail()) + "&password="
                        + encoded(PASSWORD));
    }

    private static Answer refresh(String client, Answer tokens, String scope) {
        return post(
                identity.oauth(),
                "grant_type=refresh_token&client_id=" + client + "&refresh_token=" + tokens.get("refresh_token")
                        + "&scope=" + encoded(scope));
    }

    private static String scope(Answer tokens) throws Exception {
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        return SignedJWT.parse(tokens.get("access_token")).getJWTClaimsSet().getStringClaim("scope");
    }

    @Test
    void isOfTheAccessTokenAloneAndNotOfTheNextRefresh() throws Exception {
        var narrow = refresh("budget-app", granted(), "documents:read");
        assertThat(scope(narrow)).isEqualTo("documents:read");
        assertThat(narrow.get("scope")).isEqualTo("documents:read");

        var same = refresh("budget-app", narrow, "documents:upload openid documents:read");
        assertThat(scope(same)).isEqualTo("documents:read documents:upload openid");
        var whole = refresh("budget-app", same, "");
        assertThat(whole.get("scope")).isEqualTo("documents:read documents:upload openid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contracts:read", "documents:read contracts:read", "openid email", "no:such"})
    void widerOnesAreRefusedAndSpendNothing(String wider) throws Exception {
        var tokens = granted();
        var refused = refresh("budget-app", tokens, wider);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).isEqualTo("invalid_scope");
        assertThat(refused.get("error_description")).endsWith("it has documents:read, documents:upload, openid");

        assertThat(scope(refresh("budget-app", tokens, ""))).isEqualTo("documents:read documents:upload openid");
    }

    @Test
    void ofTheBanksOwnClientIsWithinWhatItsUserMayDo() throws Exception {
        var tokens = signedIn();
        for (var wider : new String[] {"documents:process", "users:write", "calls:forward", "tokens:introspect"}) {
            assertThat(refresh("bank-cli", tokens, wider).error()).as(wider).isEqualTo("invalid_scope");
        }
        var narrow = refresh("bank-cli", tokens, "documents:read");
        assertThat(scope(narrow)).isEqualTo("documents:read");
        assertThatCall(() -> identity.sessions(narrow.get("access_token"))
                        .listSessions(ListSessionsRequest.getDefaultInstance()))
                .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");

        var whole = refresh("bank-cli", narrow, "");
        assertThat(scope(whole)).isNull();
        assertThat(whole.json()).doesNotContainKey("scope");
        assertThat(identity.users(whole.get("access_token"))
                        .getMe(GetMeRequest.getDefaultInstance())
                        .hasUser())
                .isTrue();
    }

    @Test
    void ofOpenIdConnectNarrowsNothingInTheBanksOwnClientWhichIsTold() throws Exception {
        var tokens = refresh("bank-cli", signedIn(), "openid profile");
        assertThat(scope(tokens)).isNull();
        assertThat(tokens.get("scope"))
                .isEqualTo("address contracts:read contracts:write documents:read documents:upload email openid phone"
                        + " profile");
        assertThat(refresh("bank-cli", tokens, "").json()).doesNotContainKey("scope");
    }

    @Test
    void ofStaffInTheBanksOwnClientIsOneThatHasAnEffect() throws Exception {
        var tokens = post(
                identity.oauth(),
                "grant_type=password&username=" + encoded("employee@demo.test") + "&password="
                        + encoded("demo-Passw0rd-2026"));
        for (var idle : new String[] {"documents:process", "users:read", "openid documents:process"}) {
            var refused = refresh("bank-cli", tokens, idle);
            assertThat(refused.error()).as(idle).isEqualTo("invalid_scope");
            assertThat(refused.get("error_description"))
                    .endsWith("it has address, contracts:read, contracts:write, documents:read, email, openid, phone,"
                            + " profile");
        }
        var narrow = refresh("bank-cli", tokens, "documents:read");
        assertThat(scope(narrow)).isEqualTo("documents:read");
        var whole = refresh("bank-cli", narrow, "openid");
        assertThat(whole.get("scope")).contains("documents:read").contains("users:read");
    }

    @Test
    void doesNotHideThatASpentTokenWasUsed() {
        var first = granted();
        var third = refresh("budget-app", refresh("budget-app", first, ""), "");
        assertThat(refresh("budget-app", first, "no:such").error()).isEqualTo("invalid_grant");
        assertThat(refresh("budget-app", third, "").error()).isEqualTo("invalid_grant");
    }
}
