package bank.identity;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.grpc.Headers;
import bank.testing.Eventually;
import bank.testing.PostgresExtension;
import bank.v1.ChangePasswordRequest;
import bank.v1.ResetPasswordRequest;
import bank.v1.Role;
import bank.v1.User;
import io.grpc.Status.Code;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PasswordChangeIT {
    private static final String NEW = "совсем другой пароль";
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static People people;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), Map.of());
        people = new People(identity);
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void newPasswordEndsTheOtherSessionsAndKeepsThisOne() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        var other = people.signedIn(user);
        var current = people.signedIn(user);
        identity.auth(current.getAccessToken()).changePassword(change(RunningIdentity.PASSWORD, NEW));
        assertThatCall(() -> people.refreshed(other)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThat(people.refreshed(current).getAccessToken()).isNotEmpty();
        assertThatCall(() -> people.signedIn(user)).fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        assertThat(identity.login(user.getEmail(), NEW).getAccessToken()).isNotEmpty();
        assertThat(audited(user, "PASSWORD_CHANGED")).hasSize(1);
    }

    @Test
    void refusesWhoDoesNotKnowThePresentPassword() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        var tokens = people.signedIn(user);
        assertThatCall(() -> identity.auth(tokens.getAccessToken()).changePassword(change("something else", NEW)))
                .fails(Code.INVALID_ARGUMENT, "WRONG_PASSWORD")
                .hasFieldViolation("current_password");
        assertThat(people.signedIn(user).getAccessToken()).isNotEmpty();
        assertThat(audited(user, "SIGN_IN_REFUSED")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"password123, WEAK_PASSWORD", "корректный конь 7, WEAK_PASSWORD"})
    void refusesNewPasswordsThatAreWeakOrNotNew(String password, String reason) {
        var token = people.token(Role.ROLE_CLIENT);
        assertThatCall(() -> identity.auth(token).changePassword(change(RunningIdentity.PASSWORD, password)))
                .fails(Code.INVALID_ARGUMENT, reason)
                .hasFieldViolation("password");
    }

    @Test
    void repeatedChangeIsOne() {
        var user = people.made(Role.ROLE_CLIENT);
        var auth = RunningIdentity.with(
                identity.auth(people.token(user)),
                Headers.IDEMPOTENCY_KEY,
                UUID.randomUUID().toString());
        var request = change(RunningIdentity.PASSWORD, NEW);
        auth.changePassword(request);
        assertThat(auth.changePassword(request)).isNotNull();
        assertThatCall(() -> auth.changePassword(change(NEW, RunningIdentity.PASSWORD)))
                .fails(Code.INVALID_ARGUMENT, "KEY_REUSED");
    }

    @Test
    void dryRunChangesNothing() {
        var user = people.made(Role.ROLE_CLIENT);
        RunningIdentity.with(identity.auth(people.token(user)), Headers.VALIDATE_ONLY, "true")
                .changePassword(change(RunningIdentity.PASSWORD, NEW));
        assertThat(people.token(user)).isNotEmpty();
    }

    @Test
    void signInThatANewPasswordOvertakesLeavesNoSession() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        var auth = identity.auth(people.token(user));
        try (var threads = Executors.newFixedThreadPool(2);
                var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Who signs in stops here, his password found right and his session not yet there.
            statement.execute("SELECT FROM bank_user WHERE id = %d FOR UPDATE".formatted(user.getId()));
            var signIn = threads.submit(() -> people.signedIn(user));
            Eventually.holds("the sign-in waits", WAIT_MAX, () -> waiting() == 1);
            var change = threads.submit(() -> auth.changePassword(change(RunningIdentity.PASSWORD, NEW)));
            Eventually.holds("the change waits or is done", WAIT_MAX, () -> waiting() == 2 || change.isDone());
            connection.rollback();
            assertThat(change).succeedsWithin(WAIT_MAX);
            assertThat(signIn).satisfies(ended -> Eventually.holds("the sign-in ended", WAIT_MAX, ended::isDone));
        }
        assertThat(Sql.read(
                        postgres.database(),
                        "SELECT id FROM session WHERE ended_at IS NULL AND user_id = " + user.getId()))
                .hasSize(1);
    }

    private static int waiting() throws SQLException {
        return Sql.read(postgres.database(), """
                        SELECT pid FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'""").size();
    }

    @Test
    void administratorSetsThePasswordOfAnother() throws SQLException {
        var user = people.made(Role.ROLE_CLIENT);
        var tokens = people.signedIn(user);
        identity.users(people.admin()).resetPassword(reset(user, NEW));
        assertThatCall(() -> people.refreshed(tokens)).fails(Code.UNAUTHENTICATED, "INVALID_REFRESH_TOKEN");
        assertThatCall(() -> people.signedIn(user)).fails(Code.UNAUTHENTICATED, "BAD_CREDENTIALS");
        assertThat(identity.login(user.getEmail(), NEW).getAccessToken()).isNotEmpty();
        assertThat(audited(user, "PASSWORD_RESET")).hasSize(1);
    }

    @Test
    void nobodySetsHisOwnPasswordWithoutThePresentOne() {
        var admin = people.made(Role.ROLE_ADMIN);
        assertThatCall(() -> identity.users(people.token(admin)).resetPassword(reset(admin, NEW)))
                .fails(Code.PERMISSION_DENIED, "USER_FORBIDDEN");
        var client = people.made(Role.ROLE_CLIENT);
        assertThatCall(() -> identity.users(people.token(Role.ROLE_EMPLOYEE)).resetPassword(reset(client, NEW)))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        assertThatCall(() -> identity.users(people.admin()).resetPassword(reset(client, "password123")))
                .fails(Code.INVALID_ARGUMENT, "WEAK_PASSWORD");
    }

    private static List<String> audited(User user, String type) throws SQLException {
        return Sql.read(
                postgres.database(),
                "SELECT detail FROM audit_event WHERE subject = 'user:%d' AND type = '%s'"
                        .formatted(user.getId(), type));
    }

    private static ChangePasswordRequest change(String present, String wanted) {
        return ChangePasswordRequest.newBuilder()
                .setCurrentPassword(present)
                .setPassword(wanted)
                .build();
    }

    private static ResetPasswordRequest reset(User user, String password) {
        return ResetPasswordRequest.newBuilder()
                .setId(user.getId())
                .setPassword(password)
                .build();
    }
}
