package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.platform.grpc.Headers;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.ProofKey;
import bank.testing.TestClock;
import bank.testing.TestRealm;
import bank.v1.ExternalIdentityServiceGrpc;
import bank.v1.ExternalIdentityServiceGrpc.ExternalIdentityServiceBlockingStub;
import bank.v1.GetExternalIdentityRequest;
import bank.v1.GetMeRequest;
import bank.v1.GetMeResponse;
import bank.v1.LinkExternalIdentityRequest;
import bank.v1.ListExternalIdentitiesRequest;
import bank.v1.LogoutRequest;
import bank.v1.UnlinkExternalIdentityRequest;
import bank.v1.User;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tokens of an issuer like Keycloak for tokens of the bank (RFC 8693).
final class TokenExchangeIT {
    private static final String SECRET = "a-secret-of-16-letters";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("refused within this minute are not in the audit log");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static final TestRealm realm = new TestRealm();
    private static final TestRealm closed = new TestRealm();
    private static RunningIdentity identity;

    private final String subject = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        var settings = new HashMap<>(Map.of(
                "bank.identity.demo", "true",
                "bank.identity.clients.edge.secret", SECRET,
                "bank.identity.clients.edge.scopes", "calls:forward,tokens:exchange",
                "bank.identity.clients.portal.secret", SECRET,
                "bank.identity.clients.portal.scopes", "tokens:exchange",
                "bank.identity.clients.linker.secret", SECRET,
                "bank.identity.clients.linker.scopes", "users:write",
                "bank.identity.clients.other.secret", SECRET,
                "bank.identity.clients.other.scopes", "users:read"));
        issuer(settings, "realm", realm, "true");
        issuer(settings, "closed", closed, "false");
        identity = RunningIdentity.start(postgres.database(), clock, settings);
    }

    private static void issuer(Map<String, String> settings, String name, TestRealm realm, String provision) {
        var prefix = "bank.identity.issuers." + name;
        settings.put(prefix + ".url", realm.url());
        settings.put(prefix + ".audience", TestRealm.AUDIENCE);
        settings.put(prefix + ".algorithms", "RS256");
        settings.put(prefix + ".types", "JWT");
        settings.put(prefix + ".roles-claim", "realm_access.roles");
        settings.put(prefix + ".role-mapping", "customer=client,teller=employee,it-staff=admin");
        settings.put(prefix + ".provision", provision);
    }

    @AfterAll
    static void stop() {
        identity.close();
        realm.close();
        closed.close();
    }

    private JWTClaimsSet.Builder claims(String... roles) {
        return realm.claims(subject, "session-" + subject, clock.instant(), roles);
    }

    private String token(String... roles) {
        return realm.signed(claims(roles));
    }

    private static String form(String token) {
        return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token="
                + encode(token, UTF_8) + "&subject_token_type=" + encode(ACCESS_TOKEN, UTF_8);
    }

    private static Answer exchange(String token) {
        return OAuthForm.post(identity.oauth(), "edge", SECRET, form(token));
    }

    private static GetMeResponse me(Answer exchanged) {
        assertThat(exchanged.status()).as(exchanged.body()).isEqualTo(200);
        return identity.users(exchanged.get("access_token")).getMe(GetMeRequest.getDefaultInstance());
    }

    private static JWTClaimsSet read(Answer exchanged) throws Exception {
        return SignedJWT.parse(exchanged.get("access_token")).getJWTClaimsSet();
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).isEqualTo("invalid_request");
        assertThat(answer.get("error_description")).startsWith("the subject token is refused: ");
    }

    private static ExternalIdentityServiceBlockingStub identities() {
        var headers = new Metadata();
        headers.put(
                Headers.key(Headers.AUTHORIZATION),
                "Bearer "
                        + identity.login("admin@demo.test", "demo-Passw0rd-2026")
                                .getAccessToken());
        return ExternalIdentityServiceGrpc.newBlockingStub(identity.auth().getChannel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Test
    void makeAUserAtFirstSightAndKnowHimLater() throws Exception {
        var first = exchange(token("teller", "offline_access"));

        assertThat(first.json()).containsOnlyKeys("access_token", "issued_token_type", "token_type", "expires_in");
        assertThat(first.get("token_type")).isEqualTo("Bearer");
        assertThat(first.get("issued_token_type")).isEqualTo(ACCESS_TOKEN);
        assertThat(first.header("cache-control")).isEqualTo("no-store");
        var user = me(first).getUser();
        assertThat(user.getFirstName()).isEqualTo("Ольга");
        assertThat(read(first).getStringListClaim("roles")).containsExactly("employee");
        assertThat(read(first).getStringClaim("client_id")).isEqualTo("edge");

        assertThat(me(exchange(token("teller"))).getUser().getId()).isEqualTo(user.getId());
    }

    @Test
    void endNoLaterThanTheForeignOne() {
        var soon = realm.signed(
                claims("customer").expirationTime(Date.from(clock.instant().plusSeconds(40))));
        assertThat(exchange(soon).get("expires_in")).isEqualTo("40");

        var late = realm.signed(
                claims("customer").expirationTime(Date.from(clock.instant().plusSeconds(3_600))));
        assertThat(exchange(late).get("expires_in")).isEqualTo("600");

        var now = realm.signed(
                claims("customer").expirationTime(Date.from(clock.instant().plusSeconds(1))));
        assertRefused(exchange(now));
    }

    @Test
    void anEmailTellsNothingOfWhoItIs() {
        var user = me(exchange(token("customer"))).getUser();

        assertThat(user.getEmail()).endsWith("@external.invalid");
        var employee = identity.login("employee@demo.test", "demo-Passw0rd-2026");
        assertThat(identity.users(employee.getAccessToken())
                        .getMe(GetMeRequest.getDefaultInstance())
                        .getUser()
                        .getId())
                .isNotEqualTo(user.getId());
    }

    @Test
    void theHighestRoleCountsAndFollowsTheIssuer() throws Exception {
        assertThat(read(exchange(token("customer", "teller", "unknown"))).getStringListClaim("roles"))
                .containsExactly("employee");
        assertThat(read(exchange(token("it-staff"))).getStringListClaim("roles"))
                .containsExactly("admin");
        var lowered = exchange(token("customer"));
        assertThat(read(lowered).getStringListClaim("roles")).containsExactly("client");
        assertThat(me(lowered).getRightsList()).doesNotContain("users:write");
    }

    @Test
    void anOlderTokenGivesBackNoRoleThatANewerOneTook() throws Exception {
        var older = token("it-staff");
        clock.advance(Duration.ofSeconds(1));
        var newer = exchange(token("customer"));
        var user = me(newer).getUser();
        assertThat(read(exchange(older)).getStringListClaim("roles")).containsExactly("client");
        assertThat(roleOf(user)).containsExactly("CLIENT");

        var raised = token("teller");
        assertThat(read(exchange(raised)).getStringListClaim("roles")).containsExactly("employee");
        clock.advance(Duration.ofSeconds(1));
        var same = token("teller");
        var lower = token("customer");
        clock.advance(Duration.ofSeconds(1));
        assertThat(read(exchange(token("teller"))).getStringListClaim("roles")).containsExactly("employee");
        assertThat(read(exchange(same)).getStringListClaim("roles")).containsExactly("employee");
        assertThat(read(exchange(lower)).getStringListClaim("roles")).containsExactly("client");
        assertThat(roleOf(user)).as("what the newest gave").containsExactly("EMPLOYEE");
    }

    private static List<String> roleOf(User user) throws Exception {
        return Sql.read(postgres.database(), "SELECT role FROM bank_user WHERE id = " + user.getId());
    }

    private List<String> refusals() throws Exception {
        return Sql.read(
                postgres.database(),
                "SELECT detail FROM audit_event WHERE type = 'SIGN_IN_REFUSED' AND subject LIKE '%" + subject
                        + "' ORDER BY number");
    }

    @Test
    void theAuditLogHasAFewRefusalsOfAUserAndMinute() throws Exception {
        for (var time = 1; time <= 8; time++) {
            assertRefused(exchange(token()));
        }
        assertThat(refusals()).hasSize(5).containsOnly("its issuer gives this user no role here");
        clock.advance(Duration.ofMinutes(1));
        assertRefused(exchange(token()));
        assertThat(refusals()).hasSize(6);
    }

    @Test
    void machinesLinkNobody() {
        var token = OAuthForm.post(identity.oauth(), "linker", SECRET, "grant_type=client_credentials")
                .get("access_token");
        var link = LinkExternalIdentityRequest.newBuilder()
                .setUserId(identity.registered().getId())
                .setIssuer(closed.url())
                .setSubject(subject)
                .build();
        assertThatCall(() -> RunningIdentity.with(
                                ExternalIdentityServiceGrpc.newBlockingStub(
                                        identity.auth().getChannel()),
                                Headers.AUTHORIZATION,
                                "Bearer " + token)
                        .linkExternalIdentity(link))
                .fails(Code.PERMISSION_DENIED, "USER_MISSING");
    }

    @Test
    void withoutARoleHereNobodyIsLetIn() {
        assertRefused(exchange(token()));
        assertRefused(exchange(token("Teller")));
        assertRefused(exchange(realm.signed(claims("teller").claim("realm_access", null))));
        assertRefused(exchange(realm.signed(claims("teller").claim("realm_access", "roles"))));
        assertRefused(exchange(
                realm.signed(claims().claim("roles", List.of("teller")).claim("realm_access.roles", "teller"))));
    }

    @Test
    void tokensThatAreNotItsOwnAreRefused() throws Exception {
        var key = new RSAKeyGenerator(2048).keyID("realm-key").generate();
        var refused = new ArrayList<String>();
        refused.add(realm.signed(claims("teller"), JWSAlgorithm.RS256, "JWT", key));
        refused.add(realm.signed(claims("teller"), JWSAlgorithm.PS256, "JWT", realm.key()));
        refused.add(realm.signed(claims("teller"), JWSAlgorithm.RS256, "at+jwt", realm.key()));
        refused.add(realm.signed(claims("teller").audience("account")));
        refused.add(realm.signed(claims("teller").issuer("https://sso.example.com")));
        refused.add(realm.signed(claims("teller").issuer(closed.url())));
        refused.add(realm.signed(claims("teller").subject(null)));
        refused.add(realm.signed(claims("teller").subject("s".repeat(256))));
        refused.add(realm.signed(claims("teller").expirationTime(null)));
        refused.add(realm.signed(claims("teller").expirationTime(Date.from(clock.instant()))));
        refused.add(realm.signed(
                claims("teller").notBeforeTime(Date.from(clock.instant().plusSeconds(60)))));
        refused.add(realm.signed(claims("teller").claim("cnf", Map.of("x5t#S256", "hash"))));
        refused.add(identity.loggedIn().getAccessToken());
        refused.add("garbage");
        for (var token : refused) {
            assertRefused(exchange(token));
        }
    }

    @Test
    void onlyClientsThatMayExchangeThem() throws Exception {
        var other = OAuthForm.post(identity.oauth(), "other", SECRET, form(token("teller")));
        assertThat(other.error()).isEqualTo("unauthorized_client");
        Sql.update(
                postgres.database(),
                "INSERT INTO oauth_client (id, name, secret_hash, scopes, grants, redirect_uris) SELECT 'app', 'App',"
                        + " secret_hash, scopes, '{AUTHORIZATION_CODE}', '{https://app.example/}' FROM oauth_client"
                        + " WHERE id = 'portal'");
        assertThat(OAuthForm.post(identity.oauth(), "app", SECRET, form(token("teller")))
                        .error())
                .as("one that acts for users")
                .isEqualTo("unauthorized_client");
        var anonymous = OAuthForm.post(identity.oauth(), form(token("teller")));
        assertThat(anonymous.error()).isEqualTo("unauthorized_client");
        var wrong = OAuthForm.post(identity.oauth(), "edge", "wrong", form(token("teller")));
        assertThat(wrong.error()).isEqualTo("invalid_client");
    }

    @Test
    void otherKindsOfExchangeAreRefused() {
        var idToken = form(token("teller")).replace(encode(ACCESS_TOKEN, UTF_8), encode(ID_TOKEN, UTF_8));
        assertThat(OAuthForm.post(identity.oauth(), "edge", SECRET, idToken).error())
                .isEqualTo("invalid_request");
        for (var more : List.of(
                "&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Arefresh_token",
                "&actor_token=a&actor_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt")) {
            assertThat(OAuthForm.post(identity.oauth(), "edge", SECRET, form(token("teller")) + more)
                            .error())
                    .as(more)
                    .isEqualTo("invalid_request");
        }
        assertThat(OAuthForm.post(identity.oauth(), "edge", SECRET, form(token("teller")) + "&audience=other")
                        .error())
                .isEqualTo("invalid_target");
        assertThat(OAuthForm.post(identity.oauth(), "edge", SECRET, form(token("teller")) + "&scope=users%3Aread")
                        .error())
                .isEqualTo("invalid_scope");
    }

    @Test
    void aSessionThatWasEndedHereStaysEndedUntilTheNextSignInThere() {
        var first = exchange(token("customer"));
        var user = me(first).getUser();
        assertThat(identity.auth(first.get("access_token")).logout(LogoutRequest.getDefaultInstance()))
                .isNotNull();

        assertRefused(exchange(token("customer")));
        var anew = realm.signed(realm.claims(subject, "another session", clock.instant(), "customer"));
        assertThat(me(exchange(anew)).getUser().getId()).isEqualTo(user.getId());
    }

    @Test
    void aSessionEndsHereAfterNinetyDaysToo() {
        assertThat(exchange(token("customer")).status()).isEqualTo(200);
        clock.advance(Duration.ofDays(90).minusSeconds(1));
        assertThat(exchange(token("customer")).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertRefused(exchange(token("customer")));
        var anew = realm.signed(realm.claims(subject, "another session", clock.instant(), "customer"));
        assertThat(exchange(anew).status()).isEqualTo(200);
    }

    @Test
    void tokensOfOneSessionThereAreOneSessionHere() throws Exception {
        var first = read(exchange(token("customer"))).getStringClaim("sid");
        clock.advance(Duration.ofMinutes(4));
        assertThat(read(exchange(token("customer"))).getStringClaim("sid")).isEqualTo(first);

        var without = realm.signed(realm.claims(subject, null, clock.instant(), "customer"));
        var own = read(exchange(without)).getStringClaim("sid");
        assertThat(own).isNotEqualTo(first);
        assertThat(read(exchange(without)).getStringClaim("sid")).isEqualTo(own);
    }

    @Test
    void firstSightsAtOnceMakeOneUserAndOneSession() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Answer> one = () -> exchange(token("customer"));
            var users = new HashSet<Long>();
            var sessions = new HashSet<String>();
            for (var answer : threads.invokeAll(List.of(one, one, one, one, one, one, one, one))) {
                users.add(me(answer.get()).getUser().getId());
                sessions.add(read(answer.get()).getStringClaim("sid"));
            }
            assertThat(users).hasSize(1);
            assertThat(sessions).hasSize(1);
        }
    }

    @Test
    void blockedUsersAreRefused() throws Exception {
        var user = me(exchange(token("customer"))).getUser();
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'BLOCKED' WHERE id = " + user.getId());

        assertThat(exchange(token("customer")).error()).isEqualTo("invalid_grant");
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT type FROM audit_event WHERE subject LIKE '%" + subject + "' ORDER BY number DESC"))
                .first()
                .isEqualTo("SIGN_IN_REFUSED");
    }

    @Test
    void boundTokensNeedTheProofOfTheirKey() throws Exception {
        var key = new ProofKey();
        var bound = realm.signed(claims("customer").claim("cnf", Map.of("jkt", key.thumbprint())));
        assertThat(OAuthForm.post(identity.oauth(), "portal", SECRET, form(bound))
                        .error())
                .isEqualTo("invalid_dpop_proof");

        var request = OAuthForm.request("POST", "/token", form(bound) + "&client_id=portal&client_secret=" + SECRET)
                .addHeaders(OAuthForm.header(
                        "dpop", key.proof("POST", RunningIdentity.ISSUER + "/token", null, clock.instant())));
        var answer = OAuthForm.send(identity.oauth(), request);
        assertThat(answer.get("token_type")).as(answer.body()).isEqualTo("DPoP");
        assertThat(read(answer).getClaim("cnf")).isEqualTo(Map.of("jkt", key.thumbprint()));

        assertThat(exchange(bound).status()).as("the edge has seen the proof").isEqualTo(200);
    }

    @Test
    void whereUsersAreNotMadeAnAdministratorLinksThem() throws Exception {
        var token = closed.signed(closed.claims(subject, "s-" + subject, clock.instant(), "it-staff"));
        assertRefused(exchange(token));
        var user = identity.registered();
        var request = LinkExternalIdentityRequest.newBuilder()
                .setUserId(user.getId())
                .setIssuer(closed.url())
                .setSubject(subject)
                .build();
        var linked = identities().linkExternalIdentity(request);

        assertThat(me(exchange(token)).getUser().getId()).isEqualTo(user.getId());
        assertThat(read(exchange(token)).getStringListClaim("roles"))
                .as("no more than the user's own role")
                .containsExactly("client");
        assertThatCall(() -> identities().linkExternalIdentity(request)).fails(Code.ALREADY_EXISTS, "IDENTITY_LINKED");
        var list = ListExternalIdentitiesRequest.newBuilder()
                .setUserId(user.getId())
                .build();
        assertThat(identities().listExternalIdentities(list).getIdentitiesList())
                .containsExactly(linked);
        assertThat(identities()
                        .getExternalIdentity(GetExternalIdentityRequest.newBuilder()
                                .setId(linked.getId())
                                .build()))
                .isEqualTo(linked);

        var unlink =
                UnlinkExternalIdentityRequest.newBuilder().setId(linked.getId()).build();
        assertThat(identities().unlinkExternalIdentity(unlink)).isNotNull();
        assertRefused(exchange(token));
        assertThat(identities().listExternalIdentities(list).getIdentitiesList())
                .isEmpty();
        assertThatCall(() -> identities().unlinkExternalIdentity(unlink)).fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void staffIsLessHereWhereItIsLessThere() throws Exception {
        var employee = identity.login("employee@demo.test", "demo-Passw0rd-2026");
        var id = identity.users(employee.getAccessToken())
                .getMe(GetMeRequest.getDefaultInstance())
                .getUser()
                .getId();
        var _ = identities()
                .linkExternalIdentity(LinkExternalIdentityRequest.newBuilder()
                        .setUserId(id)
                        .setIssuer(closed.url())
                        .setSubject(subject)
                        .build());
        var token = closed.signed(closed.claims(subject, null, clock.instant(), "customer"));

        assertThat(read(exchange(token)).getStringListClaim("roles")).containsExactly("client");
        var again = identity.login("employee@demo.test", "demo-Passw0rd-2026");
        assertThat(SignedJWT.parse(again.getAccessToken()).getJWTClaimsSet().getStringListClaim("roles"))
                .containsExactly("employee");
    }

    @Test
    void listsPagesOfLinks() {
        var user = identity.registered();
        for (var i = 0; i < 3; i++) {
            var _ = identities()
                    .linkExternalIdentity(LinkExternalIdentityRequest.newBuilder()
                            .setUserId(user.getId())
                            .setIssuer(closed.url())
                            .setSubject(subject + i)
                            .build());
        }
        var request = ListExternalIdentitiesRequest.newBuilder()
                .setUserId(user.getId())
                .setPageSize(2)
                .build();
        var first = identities().listExternalIdentities(request);
        assertThat(first.getIdentitiesList())
                .extracting(one -> one.getSubject())
                .containsExactly(subject + 2, subject + 1);
        var second = identities()
                .listExternalIdentities(request.toBuilder()
                        .setPageToken(first.getNextPageToken())
                        .build());
        assertThat(second.getIdentitiesList())
                .extracting(one -> one.getSubject())
                .containsExactly(subject + 0);
        assertThat(second.getNextPageToken()).isEmpty();
    }

    @Test
    void linksThatMakeNoSenseAreRefused() {
        var good = LinkExternalIdentityRequest.newBuilder()
                .setUserId(identity.registered().getId())
                .setIssuer(closed.url())
                .setSubject(subject)
                .build();
        assertThatCall(() -> identities()
                        .linkExternalIdentity(good.toBuilder()
                                .setIssuer("https://sso.example.com")
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("issuer");
        assertThatCall(() -> identities()
                        .linkExternalIdentity(
                                good.toBuilder().setUserId(Long.MAX_VALUE).build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("user_id");
        assertThatCall(() -> ExternalIdentityServiceGrpc.newBlockingStub(
                                identity.auth().getChannel())
                        .linkExternalIdentity(good))
                .fails(Code.UNAUTHENTICATED, "TOKEN_MISSING");
    }
}
