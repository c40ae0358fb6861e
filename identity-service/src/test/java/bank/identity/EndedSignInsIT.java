package bank.identity;

import static bank.identity.OAuthForm.post;
import static bank.identity.RunningIdentity.PASSWORD;
import static bank.identity.TestBrowser.CALLBACK;
import static bank.identity.TestBrowser.VERIFIER;
import static bank.identity.TestBrowser.encoded;
import static bank.identity.TestBrowser.query;
import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import bank.v1.ActivateUserRequest;
import bank.v1.ChangePasswordRequest;
import bank.v1.DeactivateUserRequest;
import bank.v1.ResetPasswordRequest;
import bank.v1.RevokeAllSessionsRequest;
import bank.v1.Role;
import bank.v1.SetUserRoleRequest;
import bank.v1.User;
import com.nimbusds.jwt.SignedJWT;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever ends all sessions of a user ends what he began before and has not come to a session yet.
final class EndedSignInsIT {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final String NEW = "совсем другой пароль";

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;
    private static People people;

    /// What ends all sessions.
    private enum End {
        PASSWORD_CHANGE,
        PASSWORD_RESET,
        BLOCK,
        ROLE,
        ALL_SESSIONS,
        OTHER_SESSIONS;

        /// @return his password then
        String of(User user) {
            switch (this) {
                case PASSWORD_CHANGE ->
                    identity.auth(people.token(user))
                            .changePassword(ChangePasswordRequest.newBuilder()
                                    .setCurrentPassword(PASSWORD)
                                    .setPassword(NEW)
                                    .build());
                case PASSWORD_RESET ->
                    identity.users(people.admin())
                            .resetPassword(ResetPasswordRequest.newBuilder()
                                    .setId(user.getId())
                                    .setPassword(NEW)
                                    .build());
                case BLOCK -> {
                    identity.users(people.admin())
                            .deactivateUser(DeactivateUserRequest.newBuilder()
                                    .setId(user.getId())
                                    .setReason("Утеряна карта")
                                    .build());
                    identity.users(people.admin())
                            .activateUser(ActivateUserRequest.newBuilder()
                                    .setId(user.getId())
                                    .build());
                }
                case ROLE ->
                    identity.users(people.admin())
                            .setUserRole(SetUserRoleRequest.newBuilder()
                                    .setId(user.getId())
                                    .setRole(Role.ROLE_EMPLOYEE)
                                    .build());
                case ALL_SESSIONS, OTHER_SESSIONS ->
                    identity.sessions(people.token(user))
                            .revokeAllSessions(RevokeAllSessionsRequest.newBuilder()
                                    .setKeepCurrent(this == OTHER_SESSIONS)
                                    .build());
            }
            return this == PASSWORD_CHANGE || this == PASSWORD_RESET ? NEW : PASSWORD;
        }
    }

    @BeforeAll
    static void start() throws SQLException {
        var clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
        identity = RunningIdentity.start(postgres.database(), clock, Map.of());
        people = new People(identity);
        Sql.update(postgres.database(), """
                INSERT INTO oauth_client (id, name, scopes, grants, first_party, redirect_uris)
                VALUES ('bank-web', 'Bank online', '{}', '{AUTHORIZATION_CODE,REFRESH_TOKEN}', true,
                        '{http://127.0.0.1/callback}'),
                       ('budget-app', 'Budget', '{documents:read}', '{AUTHORIZATION_CODE,REFRESH_TOKEN}', false,
                        '{http://127.0.0.1/callback}')""");
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    private static OAuthForm.Answer exchange(String client, String code) {
        return post(
                identity.oauth(),
                "grant_type=authorization_code&client_id=" + client + "&code=" + code + "&redirect_uri="
                        + encoded(CALLBACK) + "&code_verifier=" + VERIFIER);
    }

    private static OAuthForm.Answer signIn(TestBrowser browser, String client, User user, String password) {
        return browser.signIn(browser.open(query(client, "openid")), user.getEmail(), password);
    }

    @ParameterizedTest
    @EnumSource
    void endsCodes(End end) {
        var user = people.made(Role.ROLE_CLIENT);
        var browser = new TestBrowser(identity);
        var code = TestBrowser.code(signIn(browser, "bank-web", user, PASSWORD));
        var password = end.of(user);
        assertThat(exchange("bank-web", code).error()).isEqualTo("invalid_grant");
        var anew = TestBrowser.code(signIn(browser, "bank-web", user, password));
        assertThat(exchange("bank-web", anew).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void endsPagesThatAskForConsent(End end) {
        var user = people.made(Role.ROLE_CLIENT);
        var browser = new TestBrowser(identity);
        var asked = signIn(browser, "budget-app", user, PASSWORD);
        var password = end.of(user);
        var allowed = browser.decide(asked, "allow");
        assertThat(allowed.status()).isEqualTo(400);
        assertThat(allowed.body()).contains("no longer holds");
        var anew = browser.decide(signIn(browser, "budget-app", user, password), "allow");
        assertThat(exchange("budget-app", TestBrowser.code(anew)).status()).isEqualTo(200);
    }

    @Test
    void signInThatAChangeOfRoleOvertakesGivesTheRoleThatIs() throws Exception {
        var user = people.made(Role.ROLE_EMPLOYEE);
        try (var threads = Executors.newFixedThreadPool(1);
                var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Who signs in stops here, his password found right and his session not yet there.
            statement.execute("UPDATE bank_user SET role = 'CLIENT' WHERE id = " + user.getId());
            var signIn = threads.submit(() -> people.token(user));
            Eventually.holds("the sign-in waits", WAIT_MAX, () -> waiting() == 1);
            connection.commit();
            assertThat(SignedJWT.parse(signIn.get()).getJWTClaimsSet().getStringListClaim("roles"))
                    .isEqualTo(List.of("client"));
        }
    }

    private static int waiting() throws SQLException {
        return Sql.read(postgres.database(), """
                        SELECT pid FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'""").size();
    }
}
