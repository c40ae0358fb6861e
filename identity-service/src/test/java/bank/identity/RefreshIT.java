package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.RefreshRequest;
import bank.v1.TokenPair;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class RefreshIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ended: a spent refresh token was used");

    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final Duration POLL_PAUSE = Duration.ofMillis(20);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static RunningIdentity identity;

    @BeforeAll
    static void start() throws Exception {
        identity = RunningIdentity.start(postgres.database(), clock, Map.of());
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, scopes, grants)
                VALUES ('other-cli', 'Another public client', '{}', '{PASSWORD,REFRESH_TOKEN}')""");
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void replacesTheTokenAtEachUse() {
        var tokens = identity.loggedIn();
        var seen = new HashSet<>(Set.of(tokens.getRefreshToken()));
        for (var i = 0; i < 5; i++) {
            tokens = refresh(tokens.getRefreshToken());
            assertThat(seen.add(tokens.getRefreshToken())).isTrue();
        }
    }

    @Test
    void givesARetryTheSameSuccessor() {
        var first = identity.loggedIn();
        var second = refresh(first.getRefreshToken());
        clock.advance(Duration.ofSeconds(29));
        assertThat(refresh(first.getRefreshToken()).getRefreshToken()).isEqualTo(second.getRefreshToken());
        assertThat(refresh(second.getRefreshToken()).getRefreshToken()).isNotEqualTo(second.getRefreshToken());
    }

    @Test
    void takesARetryAfter30SecondsForReuse() {
        var first = identity.loggedIn();
        var second = refresh(first.getRefreshToken());
        clock.advance(Duration.ofSeconds(30));
        assertRefused(first);
        assertRefused(second);
    }

    @Test
    void retriesDoNotProlongTheTimeForRetries() {
        var first = identity.loggedIn();
        refresh(first.getRefreshToken());
        clock.advance(Duration.ofSeconds(20));
        refresh(first.getRefreshToken());
        clock.advance(Duration.ofSeconds(20));
        assertRefused(first);
    }

    @Test
    void endsTheSessionWhenAnOlderTokenIsUsed() {
        var first = identity.loggedIn();
        var third = refresh(refresh(first.getRefreshToken()).getRefreshToken());
        assertRefused(first);
        assertRefused(third);
        assertThat(log.lines()).singleElement().asString().startsWith("WARN Sessions session ");
    }

    @Test
    void leavesOtherSessionsOfTheUserAlone() {
        var user = identity.registered();
        var one = identity.login(user.getEmail(), RunningIdentity.PASSWORD);
        var other = identity.login(user.getEmail(), RunningIdentity.PASSWORD);
        refresh(refresh(one.getRefreshToken()).getRefreshToken());
        assertRefused(one);
        assertThat(refresh(other.getRefreshToken())).isNotNull();
    }

    @Test
    void endsASessionUnusedFor30Days() {
        var first = identity.loggedIn();
        clock.advance(Duration.ofDays(30).minusSeconds(1));
        var second = refresh(first.getRefreshToken());
        clock.advance(Duration.ofDays(30));
        assertRefused(second);
    }

    @Test
    void endsAnySessionAfter90Days() {
        var tokens = identity.loggedIn();
        for (var i = 0; i < 3; i++) {
            clock.advance(Duration.ofDays(29));
            tokens = refresh(tokens.getRefreshToken());
        }
        clock.advance(Duration.ofDays(3));
        assertRefused(tokens);
    }

    @Test
    void refusesTheTokenOfAnotherClientAndKeepsTheSession() {
        var first = identity.loggedIn();
        var stolen = OAuthForm.post(
                identity.oauth(),
                "grant_type=refresh_token&client_id=other-cli&refresh_token=" + first.getRefreshToken());
        assertThat(stolen.error()).isEqualTo("invalid_grant");
        assertThat(refresh(first.getRefreshToken())).isNotNull();
    }

    @Test
    void takesARetryByAnotherClientForReuse() {
        var first = identity.loggedIn();
        var second = refresh(first.getRefreshToken());
        var stolen = OAuthForm.post(
                identity.oauth(),
                "grant_type=refresh_token&client_id=other-cli&refresh_token=" + first.getRefreshToken());
        assertThat(stolen.error()).isEqualTo("invalid_grant");
        assertRefused(second);
    }

    @Test
    void refusesChangedTokensAndKeepsTheSession() {
        var first = identity.loggedIn();
        var token = first.getRefreshToken();
        for (var i = 0; i < token.length() - 1; i++) {
            var changed = token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1);
            assertThatCall(() -> refresh(changed)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        }
        assertThat(refresh(token)).isNotNull();
    }

    @Test
    void refusesBlockedUsersAndKeepsTheirSessions() throws Exception {
        var user = identity.registered();
        var first = identity.login(user.getEmail(), RunningIdentity.PASSWORD);
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'BLOCKED' WHERE id = " + user.getId());
        assertThatCall(() -> refresh(first.getRefreshToken())).fails(Code.UNAUTHENTICATED, "ACCOUNT_BLOCKED");
        assertThatCall(() -> identity.login(user.getEmail(), RunningIdentity.PASSWORD))
                .fails(Code.UNAUTHENTICATED, "ACCOUNT_BLOCKED");
        assertThatCall(() -> identity.login(user.getEmail(), "wrong password"))
                .fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        Sql.update(postgres.database(), "UPDATE bank_user SET status = 'ACTIVE' WHERE id = " + user.getId());
        assertThat(refresh(first.getRefreshToken())).isNotNull();
    }

    @Test
    void forgetsSessionsThatHaveEnded() throws Exception {
        var tokens = identity.loggedIn();
        clock.advance(Duration.ofDays(90).minusSeconds(1));
        var kept = identity.loggedIn();
        clock.advance(Duration.ofSeconds(2));
        Sql.update(
                postgres.database(),
                "UPDATE scheduled_tasks SET execution_time = now() WHERE task_name = 'purge-sessions'");
        await(() -> sessions().size() == 1);
        assertRefused(tokens);
        assertThat(refresh(kept.getRefreshToken())).isNotNull();
    }

    private static List<String> sessions() throws Exception {
        return Sql.read(postgres.database(), "SELECT id::text FROM session");
    }

    @Test
    void storesNoToken() throws Exception {
        var tokens = identity.loggedIn();
        refresh(tokens.getRefreshToken());
        assertThat(Sql.read(postgres.database(), "SELECT session::text FROM session"))
                .isNotEmpty()
                .noneMatch(row -> row.contains(tokens.getRefreshToken()));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        var end = System.nanoTime() + WAIT_MAX.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time waited").isLessThan(end);
            LockSupport.parkNanos(POLL_PAUSE.toNanos());
        }
    }

    private static TokenPair refresh(String token) {
        return identity.auth()
                .refresh(RefreshRequest.newBuilder().setRefreshToken(token).build());
    }

    private static void assertRefused(TokenPair tokens) {
        assertThatCall(() -> refresh(tokens.getRefreshToken())).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
    }
}
