package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ListSessionsRequest;
import bank.v1.LoginRequest;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.RevokeSessionRequest;
import bank.v1.Role;
import bank.v1.Session;
import bank.v1.TokenPair;
import bank.v1.User;
import io.grpc.Status.Code;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SessionServiceIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("tells the addresses of its clients and is not believed");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock();

    private static RunningIdentity identity;

    private People people;

    @BeforeAll
    static void start() {
        identity =
                RunningIdentity.start(postgres.database(), clock, Map.of("bank.identity.session-unused-max", "P30D"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @BeforeEach
    void signIn() {
        people = new People(identity);
    }

    @Test
    void listsOpenSessionsNewestFirstPageByPage() {
        var user = people.made(Role.ROLE_CLIENT);
        var opened = new ArrayList<TokenPair>();
        for (var i = 0; i < 5; i++) {
            opened.add(people.signedIn(user));
            // Two at each moment, so that a moment is split by a page.
            clock.advance(Duration.ofSeconds(i % 2));
        }
        var sessions = identity.sessions(opened.get(2).getAccessToken());
        var request = ListSessionsRequest.newBuilder().setPageSize(2).build();
        var listed = new ArrayList<Session>();
        var page = sessions.listSessions(request);
        listed.addAll(page.getSessionsList());
        while (!page.getNextPageToken().isEmpty()) {
            page = sessions.listSessions(
                    request.toBuilder().setPageToken(page.getNextPageToken()).build());
            listed.addAll(page.getSessionsList());
        }
        assertThat(listed).hasSize(5).extracting(Session::getId).doesNotHaveDuplicates();
        assertThat(listed)
                .isSortedAccordingTo((a, b) -> Long.compare(
                        b.getCreatedAt().getSeconds(), a.getCreatedAt().getSeconds()));
        assertThat(listed).filteredOn(Session::getCurrent).hasSize(1);
        assertThat(listed)
                .allSatisfy(session -> assertThat(session.getClientId()).isEqualTo("bank-cli"));
        assertThat(listed.getFirst().getClientName()).isEqualTo("Bank command line");
    }

    @Test
    void tellsWhereASessionWasOpenedAndWhenItWasUsed() {
        var user = people.made(Role.ROLE_CLIENT);
        var auth = RunningIdentity.with(
                RunningIdentity.with(identity.auth(), Headers.CLIENT_ADDRESS, "203.0.113.7"),
                Headers.CLIENT_AGENT,
                "Phone/1.0");
        var tokens = auth.login(LoginRequest.newBuilder()
                .setEmail(user.getEmail())
                .setPassword(RunningIdentity.PASSWORD)
                .build());
        clock.advance(Duration.ofMinutes(5));
        var renewed = people.refreshed(tokens);
        var session = list(renewed).getFirst();
        assertThat(session.getAddress()).isEqualTo("203.0.113.7");
        assertThat(session.getDevice()).isEqualTo("Phone/1.0");
        assertThat(session.getLastUsedAt().getSeconds() - session.getCreatedAt().getSeconds())
                .isEqualTo(300);
    }

    @Test
    void believesProxiesAloneWhereASessionWasOpened() {
        var user = people.made(Role.ROLE_CLIENT);
        try (var direct = RunningIdentity.start(
                postgres.database(), clock, Map.of("bank.identity.proxies", "192.0.2.1,2001:db8::/32"))) {
            var auth = RunningIdentity.with(
                    RunningIdentity.with(direct.auth(), Headers.CLIENT_ADDRESS, "203.0.113.7"),
                    Headers.CLIENT_AGENT,
                    "Phone/1.0");
            var session = list(auth.login(LoginRequest.newBuilder()
                            .setEmail(user.getEmail())
                            .setPassword(RunningIdentity.PASSWORD)
                            .build()))
                    .getFirst();
            assertThat(session.getAddress()).isEqualTo("127.0.0.1");
            assertThat(session.getDevice()).isEmpty();
            assertThat(log.lines())
                    .as("however many calls")
                    .singleElement()
                    .asString()
                    .contains("/127.0.0.1:");
        }
    }

    @Test
    void listsNoSessionThatHasEndedByItself() {
        var user = people.made(Role.ROLE_CLIENT);
        people.signedIn(user);
        clock.advance(Duration.ofDays(30).minusSeconds(1));
        assertThat(list(people.signedIn(user))).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(list(people.signedIn(user))).hasSize(2);
    }

    @Test
    void revokedSessionGivesNoFurtherToken() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        var lost = people.signedIn(user);
        var kept = people.signedIn(user);
        var id = list(kept).stream()
                .filter(session -> !session.getCurrent())
                .findFirst()
                .orElseThrow()
                .getId();
        var sessions = identity.sessions(kept.getAccessToken());
        sessions.revokeSession(revoking(id).build());
        assertThatCall(() -> people.refreshed(lost)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThat(people.refreshed(kept).getAccessToken()).isNotEmpty();
        assertThat(list(kept)).hasSize(1);
        assertThat(sessions.revokeSession(revoking(id).build())).isNotNull();
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT detail FROM audit_event WHERE type = 'SESSION_ENDED' AND subject = 'user:%d'"
                                .formatted(user.getId())))
                .containsExactly("session " + id);
    }

    @Test
    void sessionsOfOthersAreOutOfReachSaveForAdministrators() {
        var user = people.made(Role.ROLE_CLIENT);
        var tokens = people.signedIn(user);
        var id = list(tokens).getFirst().getId();

        var client = identity.sessions(people.token(Role.ROLE_CLIENT));
        assertThatCall(() -> client.listSessions(listing(user))).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> client.revokeSession(
                        revoking(id).setUserId(user.getId()).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> client.revokeSession(revoking(id).build())).fails(Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> client.revokeAllSessions(revokingAll(user))).fails(Code.NOT_FOUND, "NOT_FOUND");

        var employee = identity.sessions(people.token(Role.ROLE_EMPLOYEE));
        assertThatCall(() -> employee.listSessions(listing(user))).fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        assertThatCall(() -> employee.revokeAllSessions(revokingAll(user)))
                .fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");

        var admin = identity.sessions(people.admin());
        assertThat(admin.listSessions(listing(user)).getSessionsList())
                .extracting(Session::getId)
                .containsExactly(id);
        assertThatCall(() -> admin.revokeSession(revoking(id).build())).fails(Code.NOT_FOUND, "NOT_FOUND");
        admin.revokeSession(revoking(id).setUserId(user.getId()).build());
        assertThatCall(() -> people.refreshed(tokens)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThatCall(() -> admin.listSessions(
                        ListSessionsRequest.newBuilder().setUserId(999_999).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void allSessionsEndWithOrWithoutTheCurrentOne() {
        var user = people.made(Role.ROLE_CLIENT);
        var other = people.signedIn(user);
        var current = people.signedIn(user);
        var sessions = identity.sessions(current.getAccessToken());
        sessions.revokeAllSessions(
                RevokeAllSessionsRequest.newBuilder().setKeepCurrent(true).build());
        assertThatCall(() -> people.refreshed(other)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        var renewed = people.refreshed(current);
        sessions.revokeAllSessions(RevokeAllSessionsRequest.getDefaultInstance());
        assertThatCall(() -> people.refreshed(renewed)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
    }

    @Test
    void refusesWhatIsNoSessionId() {
        var sessions = identity.sessions(people.token(Role.ROLE_CLIENT));
        assertThatCall(() -> sessions.revokeSession(revoking("1").build()))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("session_id");
        assertThatCall(() -> sessions.revokeSession(
                        revoking(UUID.randomUUID().toString()).build()))
                .fails(Code.NOT_FOUND, "NOT_FOUND");
    }

    private List<Session> list(TokenPair tokens) {
        return identity.sessions(tokens.getAccessToken())
                .listSessions(ListSessionsRequest.getDefaultInstance())
                .getSessionsList();
    }

    private static ListSessionsRequest listing(User user) {
        return ListSessionsRequest.newBuilder().setUserId(user.getId()).build();
    }

    private static RevokeSessionRequest.Builder revoking(String id) {
        return RevokeSessionRequest.newBuilder().setSessionId(id);
    }

    private static RevokeAllSessionsRequest revokingAll(User user) {
        return RevokeAllSessionsRequest.newBuilder().setUserId(user.getId()).build();
    }
}
