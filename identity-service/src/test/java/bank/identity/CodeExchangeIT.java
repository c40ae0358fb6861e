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
import bank.identity.keys.AuthorizationCodes;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.GetMeRequest;
import bank.v1.User;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Codes of the sign-in page at the token endpoint, as clients and attackers present them.
final class CodeExchangeIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "the code it was made of was used again",
            "a spent refresh token was used",
            "within this minute are not in the audit log");

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static RunningIdentity identity;
    private static User user;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), clock, Map.of("bank.identity.demo", "true"));
        user = identity.registered();
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    private static String code(String client, String scopes) {
        var browser = new TestBrowser(identity);
        var answer = browser.signIn(browser.open(query(client, scopes)), user.getEmail(), PASSWORD);
        return TestBrowser.code(client.equals("bank-web") ? answer : browser.decide(answer, "allow"));
    }

    private static String form(String client, String code) {
        return "grant_type=authorization_code&client_id=" + client + "&code=" + code + "&redirect_uri="
                + encoded(CALLBACK) + "&code_verifier=" + VERIFIER;
    }

    private static Answer exchange(String client, String code) {
        return post(identity.oauth(), form(client, code));
    }

    private static Answer refresh(String client, Answer tokens) {
        return post(
                identity.oauth(),
                "grant_type=refresh_token&client_id=" + client + "&refresh_token=" + tokens.get("refresh_token"));
    }

    private static Answer refresh(String client, Answer tokens, String scopes) {
        return post(
                identity.oauth(),
                "grant_type=refresh_token&client_id=" + client + "&refresh_token=" + tokens.get("refresh_token")
                        + "&scope=" + encoded(scopes));
    }

    private static Object scope(Answer tokens) throws Exception {
        return SignedJWT.parse(tokens.get("access_token")).getJWTClaimsSet().getClaim("scope");
    }

    private static void isInvalid(Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_grant");
    }

    private static String lastAudit() throws Exception {
        return Sql.read(
                        postgres.database(),
                        "SELECT type || ' ' || subject || ' ' || detail FROM audit_event ORDER BY number DESC LIMIT 1")
                .getFirst();
    }

    @Test
    void givesTheBanksOwnClientTokensLikeThoseOfTheCommandLine() throws Exception {
        var tokens = exchange("bank-web", code("bank-web", ""));
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        assertThat(tokens.header("cache-control")).isEqualTo("no-store");
        assertThat(tokens.json()).containsOnlyKeys("access_token", "refresh_token", "token_type", "expires_in");
        assertThat(SignedJWT.parse(tokens.get("access_token")).getJWTClaimsSet().getClaims())
                .containsEntry("sub", Long.toString(user.getId()))
                .containsEntry("client_id", "bank-web")
                .containsEntry("roles", List.of("client"))
                .containsKey("sid")
                .doesNotContainKey("scope");
        assertThat(identity.users(tokens.get("access_token"))
                        .getMe(GetMeRequest.getDefaultInstance())
                        .getUser()
                        .getId())
                .isEqualTo(user.getId());
        assertThat(refresh("bank-web", tokens).status()).isEqualTo(200);
    }

    @Test
    void givesAnotherClientTokensForTheScopesAllowedAlsoAfterARefresh() throws Exception {
        var tokens = exchange("budget-app", code("budget-app", "openid documents:read"));
        assertThat(tokens.get("scope")).isEqualTo("documents:read openid");
        var renewed = refresh("budget-app", refresh("budget-app", tokens));
        assertThat(renewed.status()).isEqualTo(200);
        for (var answer : List.of(tokens, renewed)) {
            var claims = SignedJWT.parse(answer.get("access_token")).getJWTClaimsSet();
            assertThat(claims.getClaims())
                    .containsEntry("scope", "documents:read openid")
                    .containsEntry("roles", List.of("client"));
            assertThatCall(() -> identity.users(answer.get("access_token")).getMe(GetMeRequest.getDefaultInstance()))
                    .fails(Code.PERMISSION_DENIED, "SCOPE_MISSING");
        }
        assertThat(refresh("bank-web", renewed).error()).isEqualTo("invalid_grant");
    }

    @Test
    void genuineCodesAndTokensThatAreRefusedAreAudited() throws Exception {
        var of = " user:" + user.getId() + " client:budget-app: ";
        var code = code("budget-app", "openid");
        isInvalid(exchange("bank-web", code));
        assertThat(lastAudit()).isEqualTo("CODE_REFUSED" + of + "came from client bank-web");
        isInvalid(post(identity.oauth(), form("budget-app", code).replace(VERIFIER, "x".repeat(43))));
        assertThat(lastAudit()).isEqualTo("CODE_REFUSED" + of + "wrong verifier");
        isInvalid(post(identity.oauth(), form("budget-app", code).replace(encoded(CALLBACK), encoded(CALLBACK + "/"))));
        assertThat(lastAudit()).isEqualTo("CODE_REFUSED" + of + "another redirect URI");
        clock.advance(Duration.ofSeconds(60));
        isInvalid(exchange("budget-app", code));
        assertThat(lastAudit()).isEqualTo("CODE_REFUSED" + of + "ended");
        isInvalid(exchange("budget-app", "no-code-at-all"));

        var tokens = exchange("budget-app", code("budget-app", "openid"));
        var session = "session "
                + SignedJWT.parse(tokens.get("access_token")).getJWTClaimsSet().getStringClaim("sid");
        isInvalid(refresh("bank-web", tokens));
        assertThat(lastAudit()).isEqualTo("REFRESH_REFUSED" + of + session + ", came from client bank-web");
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'BLOCKED' WHERE id = " + user.getId());
        isInvalid(refresh("budget-app", tokens));
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'ACTIVE' WHERE id = " + user.getId());
        assertThat(lastAudit()).isEqualTo("REFRESH_REFUSED" + of + session + ", may not sign in");
        assertThat(refresh("budget-app", tokens).status()).isEqualTo(200);
    }

    @Test
    void refusalsFillNoLog() throws Exception {
        var tokens = exchange("budget-app", code("budget-app", "openid"));
        // A minute of its own.
        clock.advance(Duration.ofMinutes(1));
        var before = refusals();
        for (var i = 0; i < 70; i++) {
            isInvalid(refresh("bank-web", tokens));
        }
        assertThat(refusals() - before).isEqualTo(60);
        assertThat(log.lines()).hasSize(1);
        clock.advance(Duration.ofMinutes(1));
        isInvalid(refresh("bank-web", tokens));
        assertThat(refusals() - before).isEqualTo(61);
    }

    private static int refusals() throws Exception {
        return Sql.read(postgres.database(), "SELECT number FROM audit_event WHERE type = 'REFRESH_REFUSED'")
                .size();
    }

    @Test
    void refreshesForTheSameScopesOrFewerWhoNamesThem() throws Exception {
        var tokens = exchange("budget-app", code("budget-app", "openid documents:read"));
        var same = refresh("budget-app", tokens, "openid documents:read");
        assertThat(scope(same)).isEqualTo("documents:read openid");
        var fewer = refresh("budget-app", same, "documents:read");
        assertThat(scope(fewer)).isEqualTo("documents:read");
        for (var more : List.of("openid documents:read email", "documents:read contracts:read", "users:write")) {
            var refused = refresh("budget-app", fewer, more);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.error()).isEqualTo("invalid_scope");
        }
        assertThat(scope(refresh("budget-app", fewer))).isEqualTo("documents:read openid");
    }

    @Test
    void endsTheSessionOfASpentTokenWhateverScopeIsNamed() {
        var tokens = exchange("budget-app", code("budget-app", "openid"));
        var newest = refresh("budget-app", refresh("budget-app", tokens));
        isInvalid(refresh("budget-app", tokens, "openid email"));
        isInvalid(refresh("budget-app", newest));
    }

    @Test
    void scopesOfOpenIdConnectTakeNothingFromTheBanksOwnClient() throws Exception {
        var tokens = exchange("bank-web", code("bank-web", "openid"));
        var renewed = refresh("bank-web", tokens, "openid email");
        assertThat(scope(renewed)).isNull();
        assertThat(refresh("bank-web", renewed, "users:write").error()).isEqualTo("invalid_scope");
        assertThat(refresh("bank-web", renewed).status()).isEqualTo(200);
    }

    @Test
    void tellsWhoSignedInByAnIdToken() throws Exception {
        var signedInAt = clock.instant();
        var code = code("budget-app", "openid");
        clock.advance(Duration.ofSeconds(20));
        var tokens = exchange("budget-app", code);
        var token = SignedJWT.parse(tokens.get("id_token"));
        var keys = JWKSet.parse(OAuthForm.send(identity.oauth(), OAuthForm.request("GET", "/.well-known/jwks.json", ""))
                .body());
        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.PS256);
        assertThat(token.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        var access = SignedJWT.parse(tokens.get("access_token")).getJWTClaimsSet();
        var claims = token.getJWTClaimsSet();
        assertThat(claims.getClaims())
                .containsOnlyKeys("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid")
                .containsEntry("iss", RunningIdentity.ISSUER)
                .containsEntry("sub", Long.toString(user.getId()))
                .containsEntry("aud", List.of("budget-app"))
                .containsEntry("auth_time", signedInAt.getEpochSecond())
                .containsEntry("nonce", "n-1")
                .containsEntry("sid", access.getStringClaim("sid"))
                .containsEntry(
                        "at_hash",
                        AccessTokenHash.compute(
                                        new BearerAccessToken(tokens.get("access_token")), JWSAlgorithm.PS256, null)
                                .getValue());
        assertThat(claims.getIssueTime().toInstant()).isEqualTo(clock.instant());
        assertThatCall(() -> identity.users(tokens.get("id_token")).getMe(GetMeRequest.getDefaultInstance()))
                .fails(Code.UNAUTHENTICATED, "TOKEN_INVALID");
    }

    @Test
    void opensTheSessionWhereTheUserIs() throws Exception {
        var browser = new TestBrowser(identity);
        var signedIn = browser.signIn(browser.open(query("bank-web", "")), user.getEmail(), PASSWORD);
        Sql.update(
                postgres.database(),
                "UPDATE authorization_code SET address = '198.51.100.4', agent = 'Firefox' WHERE spent_at IS NULL");
        var tokens = exchange("bank-web", TestBrowser.code(signedIn));
        var session =
                SignedJWT.parse(tokens.get("access_token")).getJWTClaimsSet().getStringClaim("sid");
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT address || ' ' || agent FROM session WHERE id = '" + session + "'"))
                .containsExactly("198.51.100.4 Firefox");
    }

    @Test
    void endsTheSessionOfACodeThatIsUsedAgain() throws Exception {
        var code = code("budget-app", "openid");
        var tokens = exchange("budget-app", code);
        isInvalid(exchange("bank-web", code));
        assertThat(refresh("budget-app", tokens).status()).isEqualTo(200);
        isInvalid(exchange("budget-app", code));
        assertThat(lastAudit())
                .startsWith("CODE_REUSED user:" + user.getId() + " session ")
                .endsWith("client budget-app");
        isInvalid(refresh("budget-app", tokens));
    }

    @Test
    void endsTheSessionAlsoWhenTheSecondUserOfTheCodeHasNoProofOrComesLate() {
        var first = code("bank-web", "");
        var tokens = exchange("bank-web", first);
        isInvalid(post(identity.oauth(), form("bank-web", first).replace(VERIFIER, "x".repeat(43))));
        isInvalid(refresh("bank-web", tokens));

        var second = code("bank-web", "");
        var more = exchange("bank-web", second);
        clock.advance(Duration.ofMinutes(5));
        isInvalid(exchange("bank-web", second));
        isInvalid(refresh("bank-web", more));
    }

    @Test
    void givesOneSessionAtMostToAllWhoComeAtOnce() throws Exception {
        var rounds = Races.rounds(10);
        for (var round = 0; round < rounds; round++) {
            var code = code("bank-web", "");
            var answers = Races.together(8, () -> exchange("bank-web", code)).stream()
                    .map(Future::resultNow)
                    .collect(Collectors.partitioningBy(answer -> answer.status() == 200));
            answers.get(false).forEach(CodeExchangeIT::isInvalid);
            assertThat(answers.get(true)).hasSize(1);
            isInvalid(refresh("bank-web", answers.get(true).getFirst()));
        }
        Races.tell("8 exchanges of one code, " + rounds + " rounds: one winner each, whose session ended");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl",
                "code_verifier=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                "code_verifier=",
                "redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback",
                "redirect_uri=http%3A%2F%2F127.0.0.1%3A53101%2Fcallback",
                "redirect_uri=",
                "code=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "client_id=budget-app"
            })
    void takesACodeOnlyWithAllThatBelongsToIt(String pair) {
        var code = code("bank-web", "");
        var name = pair.substring(0, pair.indexOf('='));
        var wrong = form("bank-web", code).replaceAll(name + "=[^&]*", pair);
        var without = form("bank-web", code).replaceAll("&?" + name + "=[^&]*", "");
        for (var form : pair.endsWith("=") ? List.of(wrong, without) : List.of(wrong)) {
            var answer = post(identity.oauth(), form);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.error()).isIn("invalid_grant", "invalid_request");
        }
        assertThat(exchange("bank-web", code).status()).isEqualTo(200);
    }

    @Test
    void takesNoVerifierOfAnotherCode() {
        var verifier = "another-verifier-of-forty-three-characters1";
        var challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(AuthorizationCodes.digest(verifier));
        var browser = new TestBrowser(identity);
        var page =
                browser.open(query("bank-web", "").replaceAll("code_challenge=[^&]*", "code_challenge=" + challenge));
        var other = TestBrowser.code(browser.signIn(page, user.getEmail(), PASSWORD));
        var own = code("bank-web", "");
        isInvalid(exchange("bank-web", other));
        isInvalid(post(identity.oauth(), form("bank-web", own).replace(VERIFIER, verifier)));
        assertThat(post(identity.oauth(), form("bank-web", other).replace(VERIFIER, verifier))
                        .status())
                .isEqualTo(200);
        assertThat(exchange("bank-web", own).status()).isEqualTo(200);
    }

    @Test
    void takesNoDoubledParameter() {
        var code = code("bank-web", "");
        for (var pair : List.of("code=" + code, "code_verifier=" + VERIFIER, "redirect_uri=" + encoded(CALLBACK))) {
            assertThat(post(identity.oauth(), form("bank-web", code) + "&" + pair)
                            .error())
                    .isEqualTo("invalid_request");
        }
    }

    @Test
    void takesACodeForAMinute() {
        var early = code("bank-web", "");
        clock.advance(Duration.ofSeconds(59));
        assertThat(exchange("bank-web", early).status()).isEqualTo(200);
        var late = code("bank-web", "");
        clock.advance(Duration.ofSeconds(60));
        isInvalid(exchange("bank-web", late));
    }

    @Test
    void opensNoSessionForAUserWhoWasBlockedMeanwhile() throws Exception {
        var blocked = identity.registered();
        var browser = new TestBrowser(identity);
        var code = TestBrowser.code(browser.signIn(browser.open(query("bank-web", "")), blocked.getEmail(), PASSWORD));
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'BLOCKED' WHERE id = " + blocked.getId());
        isInvalid(exchange("bank-web", code));
    }

    @Test
    void givesNoScopeThatTheClientHasLostMeanwhile() throws Exception {
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, scopes, grants, redirect_uris)
                VALUES ('tax-app', 'Tax', '{contracts:read,documents:read}', '{AUTHORIZATION_CODE}',
                        '{http://127.0.0.1/callback}')""");
        var code = code("tax-app", "openid documents:read");
        var browser = new TestBrowser(identity);
        var page = browser.open(query("tax-app", "openid documents:read"));
        var asked = browser.signIn(page, user.getEmail(), PASSWORD);
        Sql.update(postgres.database(), "UPDATE oauth_client SET scopes = '{contracts:read}' WHERE id = 'tax-app'");

        isInvalid(exchange("tax-app", code));
        assertThat(TestBrowser.parameters(browser.decide(asked, "allow")))
                .containsEntry("error", List.of("access_denied"))
                .doesNotContainKey("code");
        var kept = exchange("tax-app", code("tax-app", "openid contracts:read"));
        assertThat(kept.get("scope")).isEqualTo("contracts:read openid");
    }

    @Test
    void isForClientsThatMayUseIt() {
        var answer = exchange("bank-cli", code("bank-web", ""));
        assertThat(answer.error()).isEqualTo("unauthorized_client");
    }

    @Test
    void isTheOnlyWayForClientsThatAreNotTheBanksOwn() throws Exception {
        Sql.update(
                postgres.database(),
                "INSERT INTO oauth_client (id, name, scopes, grants) VALUES ('nosy', 'Nosy', '{}', '{PASSWORD}')");
        var answer = post(
                identity.oauth(),
                "grant_type=password&client_id=nosy&username=" + encoded(user.getEmail()) + "&password="
                        + encoded(PASSWORD));
        assertThat(answer.error()).isEqualTo("unauthorized_client");
    }
}
