package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.TestRealm;
import bank.v1.GetMeRequest;
import bank.v1.LogoutRequest;
import bank.v1.RefreshRequest;
import bank.v1.Role;
import bank.v1.SetUserRoleRequest;
import bank.v1.User;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.Status.Code;
import java.time.Clock;
import java.time.Instant;
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

/// What comes of it when another issuer gives a user made for its account another role.
final class ForeignRolesIT {
    private static final String SECRET = "a-secret-of-16-letters";
    private static final int ROUNDS = 40;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("stays administrator, for nobody else is one");

    private static final TestRealm realm = new TestRealm();
    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                Clock.systemUTC(),
                Map.ofEntries(
                        Map.entry("bank.identity.clients.edge.secret", SECRET),
                        Map.entry(
                                "bank.identity.clients.edge.scopes", "calls:forward,tokens:exchange,tokens:introspect"),
                        Map.entry("bank.identity.issuers.realm.url", realm.url()),
                        Map.entry("bank.identity.issuers.realm.audience", TestRealm.AUDIENCE),
                        Map.entry("bank.identity.issuers.realm.algorithms", "RS256"),
                        Map.entry("bank.identity.issuers.realm.types", "JWT"),
                        Map.entry("bank.identity.issuers.realm.roles-claim", "realm_access.roles"),
                        Map.entry(
                                "bank.identity.issuers.realm.role-mapping",
                                "customer=client,teller=employee,it-staff=admin"),
                        Map.entry("bank.identity.issuers.realm.provision", "true")));
    }

    @AfterAll
    static void stop() {
        identity.close();
        realm.close();
    }

    private static Answer exchange(String subject, String role) {
        var answer = exchange(subject, "session-" + subject, role);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static Answer exchange(String subject, String session, String role) {
        var token = realm.signed(realm.claims(subject, session, Instant.now(), role));
        return OAuthForm.post(
                identity.oauth(),
                "edge",
                SECRET,
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token="
                        + encode(token, UTF_8)
                        + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token");
    }

    private static JWTClaimsSet read(Answer exchanged) throws Exception {
        return SignedJWT.parse(exchanged.get("access_token")).getJWTClaimsSet();
    }

    private static User user(Answer exchanged) {
        return identity.users(exchanged.get("access_token"))
                .getMe(GetMeRequest.getDefaultInstance())
                .getUser();
    }

    private static List<String> roleOf(User user) throws Exception {
        return Sql.read(postgres.database(), "SELECT role FROM bank_user WHERE id = " + user.getId());
    }

    @Test
    void theLastAdministratorStaysOneAndActsInTheRoleGiven() throws Exception {
        var subject = UUID.randomUUID().toString();
        var first = exchange(subject, "it-staff");
        var user = user(first);
        Sql.update(
                postgres.database(),
                "UPDATE bank_user SET status = 'BLOCKED' WHERE role = 'ADMIN' AND id <> " + user.getId());

        var lowered = exchange(subject, "customer");
        assertThat(read(lowered).getStringListClaim("roles")).containsExactly("client");
        assertThat(roleOf(user)).containsExactly("ADMIN");
        assertThat(OAuthForm.introspect(identity.oauth(), "edge", SECRET, lowered.get("access_token"))
                        .json())
                .containsEntry("active", true)
                .containsEntry("roles", List.of("client"));
        assertThat(OAuthForm.introspect(identity.oauth(), "edge", SECRET, first.get("access_token"))
                        .json())
                .as("a token of the role of before")
                .containsEntry("active", false);
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT detail FROM audit_event WHERE type = 'ROLE_KEPT' AND subject = 'user:" + user.getId()
                                + "'"))
                .containsExactly("ADMIN to CLIENT, issuer " + realm.url());

        assertThat(user(exchange(UUID.randomUUID().toString(), "it-staff")).getId())
                .isNotEqualTo(user.getId());
        assertThat(read(exchange(subject, "customer")).getStringListClaim("roles"))
                .containsExactly("client");
        assertThat(roleOf(user)).as("once there is another one").containsExactly("CLIENT");
    }

    @Test
    void theSessionsTheUserOpenedHereEndAndThoseThereGoOn() throws Exception {
        var subject = UUID.randomUUID().toString();
        var first = exchange(subject, "teller");
        var user = user(first);
        Sql.update(
                postgres.database(),
                "INSERT INTO user_password (user_id, hash, changed_at) SELECT " + user.getId()
                        + ", hash, changed_at FROM user_password WHERE user_id = "
                        + identity.registered().getId());
        var own = identity.login(user.getEmail(), RunningIdentity.PASSWORD);

        assertThat(read(exchange(subject, "teller")).getStringListClaim("roles"))
                .containsExactly("employee");
        var kept = identity.auth()
                .refresh(RefreshRequest.newBuilder()
                        .setRefreshToken(own.getRefreshToken())
                        .build());
        var lowered = exchange(subject, "customer");
        assertThatCall(() -> identity.auth()
                        .refresh(RefreshRequest.newBuilder()
                                .setRefreshToken(kept.getRefreshToken())
                                .build()))
                .fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThat(read(lowered).getStringClaim("sid")).isEqualTo(read(first).getStringClaim("sid"));
        assertThat(OAuthForm.introspect(identity.oauth(), "edge", SECRET, first.get("access_token"))
                        .json())
                .as("the role of before")
                .containsEntry("active", false);
        assertThat(SignedJWT.parse(identity.login(user.getEmail(), RunningIdentity.PASSWORD)
                                .getAccessToken())
                        .getJWTClaimsSet()
                        .getStringListClaim("roles"))
                .containsExactly("client");
    }

    @Test
    void theLastAdministratorWhoSignsInHereStaysOneWhateverTheIssuerMakes() throws Exception {
        var admin = identity.initialAdmin().orElseThrow();
        Sql.update(
                postgres.database(),
                "UPDATE bank_user SET status = 'ACTIVE' WHERE email = '"
                        + admin.email().value() + "'");
        var made = user(exchange(UUID.randomUUID().toString(), "it-staff"));
        var users = identity.users(identity.adminToken());
        var self = users.getMe(GetMeRequest.getDefaultInstance()).getUser();

        assertThatCall(() -> users.setUserRole(SetUserRoleRequest.newBuilder()
                        .setId(self.getId())
                        .setRole(Role.ROLE_CLIENT)
                        .build()))
                .fails(Code.FAILED_PRECONDITION, "LAST_ADMIN");
        assertThat(users.setUserRole(SetUserRoleRequest.newBuilder()
                                .setId(made.getId())
                                .setRole(Role.ROLE_CLIENT)
                                .build())
                        .getRole())
                .isEqualTo(Role.ROLE_CLIENT);
    }

    @Test
    void aRoleThatChangesWhileTheSessionEndsGetsInNobodysWay() throws Exception {
        var subject = UUID.randomUUID().toString();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var round = 0; round < ROUNDS; round++) {
                var session = round + " " + subject;
                var token = exchange(subject, session, "teller").get("access_token");
                var lowered = threads.submit(() -> exchange(subject, session, "customer"));
                var ended = threads.submit(() -> identity.auth(token).logout(LogoutRequest.getDefaultInstance()));
                assertThat(ended.get()).isNotNull();
                assertThat(lowered.get().status()).as(lowered.get().body()).isIn(200, 400);
            }
        }
    }

    @Test
    void aSessionSeenFirstInTwoRolesAtOnceGetsInNobodysWay() throws Exception {
        var subject = UUID.randomUUID().toString();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var round = 0; round < ROUNDS; round++) {
                exchange(subject, "teller");
                var session = round + " " + subject;
                var sids = new HashSet<String>();
                for (var answer : threads.invokeAll(List.<Callable<Answer>>of(
                        () -> exchange(subject, session, "customer"), () -> exchange(subject, session, "teller")))) {
                    assertThat(answer.get().status()).as(answer.get().body()).isEqualTo(200);
                    sids.add(read(answer.get()).getStringClaim("sid"));
                }
                assertThat(sids).hasSize(1);
            }
        }
    }
}
