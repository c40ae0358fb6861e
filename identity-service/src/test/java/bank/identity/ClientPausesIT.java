package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.OAuthForm.Answer;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who tries secrets of clients is held back, and fills no audit log.
final class ClientPausesIT {
    private static final String SECRET = "a-secret-of-16-letters";

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("refused within this minute are not in the audit log");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock();
    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(
                postgres.database(),
                clock,
                Map.of(
                        "bank.identity.clients.machine.secret",
                        SECRET,
                        "bank.identity.clients.machine.scopes",
                        "users:read",
                        "bank.identity.clients.other.secret",
                        SECRET,
                        "bank.identity.clients.other.scopes",
                        "users:read"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    private static Answer ask(String client, String secret) {
        return OAuthForm.post(identity.oauth(), client, secret, "grant_type=client_credentials");
    }

    @Test
    void wrongSecretsBringPausesWhetherThereIsSuchAClientOrNot() {
        for (var client : new String[] {"machine", "nobody"}) {
            for (var failure = 1; failure <= 10; failure++) {
                assertThat(ask(client, "wrong").error()).as(client).isEqualTo("invalid_client");
            }
            var paused = ask(client, "wrong");
            assertThat(paused.status()).as(client).isEqualTo(429);
            assertThat(paused.header("retry-after")).isEqualTo("1");
        }
        assertThat(ask("machine", SECRET).status())
                .as("the right one waits too")
                .isEqualTo(429);
        assertThat(ask("other", SECRET).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(ask("machine", SECRET).status()).isEqualTo(200);
        assertThat(ask("machine", "wrong").status()).isEqualTo(401);
        assertThat(ask("machine", SECRET).header("retry-after")).isEqualTo("2");
        clock.advance(Duration.ofHours(1));
        assertThat(ask("machine", "wrong").status()).isEqualTo(401);
        assertThat(ask("machine", SECRET).status()).as("forgotten").isEqualTo(200);
    }

    @Test
    void theAuditLogHasSixtyWrongSecretsOfUnknownClientsAMinute() throws Exception {
        clock.advance(Duration.ofMinutes(1));
        var before = refused();
        for (var attempt = 1; attempt <= 62; attempt++) {
            assertThat(ask("nobody-" + attempt, "wrong").status()).isEqualTo(401);
        }
        assertThat(refused() - before).isEqualTo(60);
        assertThat(log.lines()).singleElement().asString().contains("unknown");
    }

    private static int refused() throws Exception {
        return Integer.parseInt(Sql.read(
                        postgres.database(),
                        "SELECT count(*) FROM audit_event WHERE type = 'CLIENT_REFUSED' AND subject = 'unknown'")
                .getFirst());
    }
}
