package bank.identity;

import static bank.identity.OAuthForm.post;
import static bank.identity.RunningIdentity.PASSWORD;
import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.VERIFIER;
import static bank.identity.TestBrowser.encoded;
import static bank.identity.TestBrowser.query;
import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.DeactivateUserRequest;
import bank.v1.Role;
import bank.v1.User;
import io.grpc.Context;
import io.grpc.Status.Code;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is refused is in the audit log, and what is stolen ends, also when the caller hangs up.
final class HungUpCallsIT {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final String SECRET = "a-secret-of-16-letters";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("a spent refresh token was used", "was used again");

    private static RunningIdentity identity;
    private static People people;

    @BeforeAll
    static void start() throws SQLException {
        identity = RunningIdentity.start(
                postgres.database(),
                new TestClock(Instant.parse("2026-03-01T12:00:00Z")),
                Map.of(
                        "bank.identity.clients.machine.secret",
                        SECRET,
                        "bank.identity.clients.machine.scopes",
                        "users:read"));
        people = new People(identity);
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, scopes, grants, first_party, redirect_uris)
                VALUES ('bank-web', 'Bank online', '{}', '{AUTHORIZATION_CODE,REFRESH_TOKEN}', true,
                        '{http://127.0.0.1/callback}')""");
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void refusalOfABlockedAccountIsAudited() throws Exception {
        var user = people.made(Role.ROLE_CLIENT);
        identity.users(people.admin())
                .deactivateUser(DeactivateUserRequest.newBuilder()
                        .setId(user.getId())
                        .setReason("Утеряна карта")
                        .build());
        hungUp(() -> people.signedIn(user));
        isAudited("SIGN_IN_REFUSED", user);
    }

    @Test
    void refusalOfAClientIsAudited() throws Exception {
        hungUp(() -> post(identity.oauth(), "machine", "wrong", "grant_type=client_credentials"));
        isAudited("CLIENT_REFUSED", "client:machine");
    }

    @Test
    void reuseOfARefreshTokenEndsTheSession() throws Exception {
        var user = people.made(Role.ROLE_CLIENT);
        var first = people.signedIn(user);
        var third = people.refreshed(people.refreshed(first));
        hungUp(() -> people.refreshed(first));
        isAudited("REFRESH_TOKEN_REUSED", user);
        assertThatCall(() -> people.refreshed(third)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
    }

    @Test
    void reuseOfACodeEndsTheSession() throws Exception {
        var user = people.made(Role.ROLE_CLIENT);
        var browser = new TestBrowser(identity);
        var code = TestBrowser.code(browser.signIn(browser.open(query("bank-web", "")), user.getEmail(), PASSWORD));
        var form = "grant_type=authorization_code&client_id=bank-web&code=" + code + "&redirect_uri="
                + encoded(CALLBACK) + "&code_verifier=" + VERIFIER;
        var tokens = post(identity.oauth(), form);
        hungUp(() -> post(identity.oauth(), form));
        isAudited("CODE_REUSED", user);
        assertThat(post(
                                identity.oauth(),
                                "grant_type=refresh_token&client_id=bank-web&refresh_token="
                                        + tokens.get("refresh_token"))
                        .error())
                .isEqualTo("invalid_grant");
    }

    /// Makes a call, and hangs up when it comes to writing the audit log.
    private static void hungUp(Runnable call) throws SQLException {
        try (var threads = Executors.newFixedThreadPool(1);
                var context = Context.current().withCancellation();
                var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT FROM audit_head FOR UPDATE");
            var running = threads.submit(() -> context.run(call));
            Eventually.holds("the call comes to the audit log", WAIT_MAX, () -> waiting() == 1);
            context.cancel(null);
            assertThatThrownBy(running::get).hasMessageContaining("CANCELLED");
            // What comes later on the same connection tells that the service knows.
            OAuthForm.send(identity.oauth(), OAuthForm.request("GET", "/.well-known/jwks.json", ""));
            connection.rollback();
        }
    }

    private static void isAudited(String type, User user) {
        isAudited(type, "user:" + user.getId());
    }

    private static void isAudited(String type, String subject) {
        Eventually.holds(
                type + " is audited",
                WAIT_MAX,
                () -> Sql.read(
                                        postgres.database(),
                                        "SELECT type FROM audit_event WHERE type = '%s' AND subject = '%s'"
                                                .formatted(type, subject))
                                .size()
                        == 1);
    }

    private static int waiting() throws SQLException {
        return Sql.read(postgres.database(), """
                        SELECT pid FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'""").size();
    }
}
