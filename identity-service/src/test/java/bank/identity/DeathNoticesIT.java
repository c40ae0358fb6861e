package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.ClientGrant;
import bank.v1.ClientType;
import bank.v1.CreateOAuthClientRequest;
import bank.v1.DeactivateUserRequest;
import bank.v1.DeathNotified;
import bank.v1.DeathState;
import bank.v1.GetMeRequest;
import bank.v1.GetUserRequest;
import bank.v1.TokenPair;
import bank.v1.User;
import bank.v1.UserStatus;
import bank.v1.UserStatusChanged;
import bank.v1.VerificationReason;
import bank.v1.VerificationStatus;
import io.grpc.Status.Code;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What HMRC says of deaths changes the accounts of those whom it verified.
final class DeathNoticesIT {
    private static final Duration MAX = Duration.ofSeconds(60);
    private static final String SECRET = "a-secret-of-the-settings";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    private static RunningIdentity identity;
    private static EventTopics topics;
    private static Registries registries;
    private static People people;

    @BeforeAll
    static void start() {
        topics = new EventTopics(kafka.bootstrapServers(), kafka.prefix());
        var settings = new HashMap<>(topics.settings());
        settings.put("bank.identity.clients.gateway.secret", SECRET);
        settings.put("bank.identity.clients.gateway.scopes", "tokens:introspect");
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), settings);
        registries = new Registries(identity, topics);
        people = new People(identity);
        identity.clients(people.admin())
                .createOAuthClient(CreateOAuthClientRequest.newBuilder()
                        .setId("web")
                        .setName("Web")
                        .setType(ClientType.CLIENT_TYPE_PUBLIC)
                        .addGrants(ClientGrant.CLIENT_GRANT_AUTHORIZATION_CODE)
                        .addRedirectUris(TestBrowser.CALLBACK)
                        .build());
    }

    @AfterAll
    static void stop() {
        identity.close();
        topics.close();
    }

    @Test
    void whoIsSaidToHaveDiedMayNotSignInAndKeepsHisSessions() throws Exception {
        var nin = Registries.newNin();
        var user = registries.verified(nin);
        var tokens = people.signedIn(user);
        var browser = new TestBrowser(identity);
        var asked = browser.signIn(
                browser.open(TestBrowser.query("web", "openid")), user.getEmail(), RunningIdentity.PASSWORD);
        var code = TestBrowser.code(browser.decide(asked, "allow"));
        registries.notified(nin, DeathState.DEATH_STATE_INFORMAL, 1);
        awaitWorked(nin, 1);

        var exchange = "grant_type=authorization_code&client_id=web&code=" + code + "&redirect_uri="
                + TestBrowser.encoded(TestBrowser.CALLBACK) + "&code_verifier=" + TestBrowser.VERIFIER;
        assertThat(OAuthForm.post(identity.oauth(), exchange).error()).isEqualTo("invalid_grant");
        assertThatCall(() -> people.signedIn(user)).fails(Code.UNAUTHENTICATED, "ACCOUNT_BLOCKED");
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT detail FROM audit_event WHERE type = 'SIGN_IN_REFUSED' AND subject = 'user:%d'"
                                .formatted(user.getId())))
                .containsExactly("the account may not sign in");
        var refreshed = people.refreshed(tokens);
        assertThat(active(refreshed)).isTrue();
        var seen = seen(user);
        assertThat(seen.getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
        assertThat(seen.getStatusReason()).startsWith("death reported, notice ");
        assertThat(identity.users(refreshed.getAccessToken())
                        .getMe(GetMeRequest.getDefaultInstance())
                        .getUser()
                        .hasStatusReason())
                .isFalse();
        var told = told(user, 1);
        assertThat(told.payload().getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
        assertThat(told.payload().getSignInHeld()).isTrue();
        assertThat(told.version()).isEqualTo(told.payload().getVersion()).isEqualTo(Long.parseLong(seen.getEtag()));

        registries.notified(nin, DeathState.DEATH_STATE_REMOVED, 2);
        awaitWorked(nin, 2);
        assertThat(people.signedIn(user).getAccessToken()).isNotEmpty();
        assertThat(active(people.refreshed(refreshed))).isTrue();
        assertThat(told(user, 2).payload().getSignInHeld()).isFalse();
        assertThat(audited(user)).contains("SIGN_IN_HELD", "SIGN_IN_HOLD_LIFTED");
    }

    @Test
    void aRegisteredDeathEndsTheSessionsUntilItIsTakenBack() throws Exception {
        var nin = Registries.newNin();
        var user = registries.verified(nin);
        var tokens = people.signedIn(user);
        registries.notified(nin, DeathState.DEATH_STATE_FORMAL, 1);
        awaitWorked(nin, 1);

        assertThat(seen(user).getStatus()).isEqualTo(UserStatus.USER_STATUS_DECEASED);
        assertThat(seen(user).getStatusReason()).startsWith("death registered, notice ");
        assertThat(active(tokens)).isFalse();
        assertThatCall(() -> people.refreshed(tokens)).hasCode(Code.UNAUTHENTICATED);
        assertThatCall(() -> people.signedIn(user)).fails(Code.UNAUTHENTICATED, "ACCOUNT_BLOCKED");
        assertThat(told(user, 1).payload().getStatus()).isEqualTo(UserStatus.USER_STATUS_DECEASED);

        registries.notified(nin, DeathState.DEATH_STATE_REMOVED, 2);
        awaitWorked(nin, 2);
        assertThat(seen(user).getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
        assertThat(seen(user).hasStatusReason()).isFalse();
        // Sessions start anew.
        assertThat(active(tokens)).isFalse();
        assertThatCall(() -> people.refreshed(tokens)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThat(active(people.signedIn(user))).isTrue();
        assertThat(told(user, 2).payload().getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
    }

    @Test
    void whoWasBlockedBeforeHeWasTakenForDeadIsBlockedAfterwards() throws Exception {
        var nin = Registries.newNin();
        var user = registries.verified(nin);
        identity.users(people.admin())
                .deactivateUser(DeactivateUserRequest.newBuilder()
                        .setId(user.getId())
                        .setReason("lost card")
                        .build());
        registries.notified(nin, DeathState.DEATH_STATE_INFORMAL, 1);
        awaitWorked(nin, 1);
        assertThat(seen(user).getStatusReason()).startsWith("lost card; death reported, notice ");
        registries.notified(nin, DeathState.DEATH_STATE_FORMAL, 2);
        awaitWorked(nin, 2);
        assertThat(seen(user).getStatus()).isEqualTo(UserStatus.USER_STATUS_DECEASED);
        registries.notified(nin, DeathState.DEATH_STATE_REMOVED, 3);
        awaitWorked(nin, 3);
        assertThat(seen(user).getStatus()).isEqualTo(UserStatus.USER_STATUS_BLOCKED);
        assertThat(seen(user).getStatusReason()).isEqualTo("lost card");
    }

    @Test
    void aRegisteredDeathIsNotReplacedByAReportedOne() throws Exception {
        var nin = Registries.newNin();
        var user = registries.verified(nin);
        registries.notified(nin, DeathState.DEATH_STATE_FORMAL, 1);
        registries.notified(nin, DeathState.DEATH_STATE_INFORMAL, 2);
        awaitWorked(nin, 2);
        assertThat(seen(user).getStatus()).isEqualTo(UserStatus.USER_STATUS_DECEASED);
        assertThat(seen(user).getStatusReason()).startsWith("death registered, notice ");
    }

    @Test
    void anOlderNoticeUndoesNothing() throws Exception {
        var nin = Registries.newNin();
        var user = registries.verified(nin);
        registries.notified(nin, DeathState.DEATH_STATE_FORMAL, 2);
        registries.notified(nin, DeathState.DEATH_STATE_REMOVED, 1);
        awaitWorked(nin, 2);
        assertThat(seen(user).getStatus()).isEqualTo(UserStatus.USER_STATUS_DECEASED);

        registries.notified(nin, DeathState.DEATH_STATE_REMOVED, 4);
        registries.notified(nin, DeathState.DEATH_STATE_FORMAL, 3);
        registries.notified(nin, DeathState.DEATH_STATE_INFORMAL, 4);
        awaitWorked(nin, 5);
        assertThat(seen(user).getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
        assertThat(people.signedIn(user).getAccessToken()).isNotEmpty();
    }

    @Test
    void whatIsSaidOfSomebodyWhoIsNotVerifiedWaitsForHisVerification() throws Exception {
        var dead = Registries.newNin();
        var claimant = registries.registered(dead);
        registries.notified(dead, DeathState.DEATH_STATE_FORMAL, 1);
        awaitWorked(dead, 1);
        // An identifier that verified nobody is nobody's.
        assertThat(active(people.signedIn(claimant))).isTrue();
        registries.answer(registries.asked(claimant.getId(), 1), VerificationStatus.VERIFICATION_STATUS_VERIFIED, null);
        var verification = registries.awaitStatus(claimant, VerificationStatus.VERIFICATION_STATUS_REJECTED);
        assertThat(verification.getReason()).isEqualTo(VerificationReason.VERIFICATION_REASON_DECEASED);

        var missed = Registries.newNin();
        var user = registries.registered(missed);
        registries.notified(missed, DeathState.DEATH_STATE_INFORMAL, 1);
        awaitWorked(missed, 1);
        registries.answer(registries.asked(user.getId(), 1), VerificationStatus.VERIFICATION_STATUS_VERIFIED, null);
        Eventually.holds("his sign-in is held up", MAX, () -> seen(user).hasStatusReason());
        assertThat(seen(user).getVerificationStatus()).isEqualTo(VerificationStatus.VERIFICATION_STATUS_VERIFIED);
        assertThatCall(() -> people.signedIn(user)).fails(Code.UNAUTHENTICATED, "ACCOUNT_BLOCKED");
    }

    @Test
    void blockingAndLettingInAreToldToo() {
        var user = identity.registered();
        var users = identity.users(people.admin());
        var blocked = users.deactivateUser(DeactivateUserRequest.newBuilder()
                .setId(user.getId())
                .setReason("lost card")
                .build());
        var first = told(user, 1);
        assertThat(first.key()).isEqualTo(Long.toString(user.getId()));
        assertThat(first.payload().getStatus()).isEqualTo(UserStatus.USER_STATUS_BLOCKED);
        assertThat(first.version()).isEqualTo(Long.parseLong(blocked.getEtag()));
        users.activateUser(
                bank.v1.ActivateUserRequest.newBuilder().setId(user.getId()).build());
        assertThat(told(user, 2).payload().getStatus()).isEqualTo(UserStatus.USER_STATUS_ACTIVE);
    }

    private static EventTopics.Read<UserStatusChanged> told(User user, int number) {
        return topics.first(number, UserStatusChanged.getDefaultInstance(), event -> event.getUserId() == user.getId())
                .getLast();
    }

    private static User seen(User user) {
        return identity.users(people.admin())
                .getUser(GetUserRequest.newBuilder().setId(user.getId()).build());
    }

    private static boolean active(TokenPair tokens) {
        var answer = OAuthForm.introspect(identity.oauth(), "gateway", SECRET, tokens.getAccessToken());
        return (Boolean) answer.json().get("active");
    }

    private static java.util.List<String> audited(User user) throws Exception {
        return Sql.read(
                postgres.database(),
                "SELECT type FROM audit_event WHERE subject = 'user:%d' ORDER BY number".formatted(user.getId()));
    }

    /// Waits until so many notices of a person were worked.
    private static void awaitWorked(String nin, int notices) {
        var events = topics.first(
                notices,
                DeathNotified.getDefaultInstance(),
                event -> event.getNin().equals(nin));
        var ids = events.stream().map(read -> "'" + read.event().getId() + "'").toList();
        Eventually.holds(
                "the notices are worked",
                MAX,
                () -> Sql.read(
                                        postgres.database(),
                                        "SELECT 1 FROM event_inbox WHERE event_id IN (%s)"
                                                .formatted(String.join(", ", ids)))
                                .size()
                        == notices);
    }
}
