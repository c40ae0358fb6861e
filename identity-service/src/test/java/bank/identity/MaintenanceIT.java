package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Commands on the database of a service that runs.
final class MaintenanceIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock(Instant.parse("2026-03-01T12:00:00Z"));
    private static RunningIdentity identity;

    record Outcome(int code, String out, String err) {
        String head() {
            return out.lines()
                    .filter(line -> line.startsWith("head "))
                    .map(line -> line.substring("head ".length()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), clock, Map.of("bank.identity.demo", "true"));
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void verifiesTheAuditLogAndTellsWhereItIsBroken() throws Exception {
        assertThat(identity.loggedIn()).isNotNull();
        var whole = run("audit verify");
        assertThat(whole.code()).as(whole.err()).isZero();
        assertThat(whole.out()).contains("the audit log is in order");
        assertThat(identity.loggedIn()).isNotNull();
        assertThat(run("audit verify --head " + whole.head()).code()).isZero();

        var other = run("audit verify --head 2:" + "0".repeat(64));
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.out()).contains("broken at row 2: it is not the one that was kept");

        var detail = Sql.read(postgres.database(), "SELECT detail FROM audit_event WHERE number = 2")
                .getFirst();
        change("UPDATE audit_event SET detail = 'other' WHERE number = 2");
        var broken = run("audit verify");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.out()).contains("broken at row 2: it is not what it was when it was added");
        change("UPDATE audit_event SET detail = '" + detail + "' WHERE number = 2");
        assertThat(run("audit verify").code()).isZero();
    }

    @Test
    void replacesKeysAndTheServiceFollows() {
        var token = identity.loggedIn().getAccessToken();
        var rotate = run("keys rotate");
        assertThat(rotate.code()).as(rotate.err()).isZero();
        assertThat(rotate.out()).contains("signs from " + clock.instant().plus(Duration.ofMinutes(10)));
        assertThat(run("keys list").out()).contains("next", "active");

        var now = run("keys rotate --now");
        assertThat(now.out()).startsWith("2 withdrawn");
        assertThat(run("keys list").out()).contains("withdrawn", "active");
        clock.advance(Duration.ofSeconds(11));
        var fresh = identity.loggedIn().getAccessToken();
        assertThat(identity.users(fresh).getMe(bank.v1.GetMeRequest.getDefaultInstance()))
                .isNotNull();
        clock.advance(Duration.ofSeconds(10));
        bank.testing.StatusAssert.assertThatCall(
                        () -> identity.users(token).getMe(bank.v1.GetMeRequest.getDefaultInstance()))
                .fails(io.grpc.Status.Code.UNAUTHENTICATED, "TOKEN_INVALID");
    }

    @Test
    void tellsThatTheKeyEncryptionKeyIsAnother() {
        var settings = Map.of("bank.identity.key-encryption-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        for (var command : List.of("audit verify", "keys list", "keys rotate", "keys rotate --now")) {
            var outcome = run(command, settings);
            assertThat(outcome.code()).isEqualTo(2);
            assertThat(outcome.err())
                    .contains("is bank.identity.key-encryption-key the one it was sealed with?")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void tellsThatTheDatabaseDoesNotAnswer() {
        var outcome =
                run("audit verify", Map.of("bank.identity.database.url", "jdbc:postgresql://127.0.0.1:1/identity"));
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("it could not be done: ").doesNotContain("\tat ");
    }

    private static void change(String sql) throws Exception {
        Sql.update(
                postgres.database(),
                "ALTER TABLE audit_event DISABLE TRIGGER USER;" + sql + ";ALTER TABLE audit_event ENABLE TRIGGER USER");
    }

    private static Outcome run(String command) {
        return run(command, Map.of());
    }

    private static Outcome run(String command, Map<String, String> settings) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        try {
            var code = Maintenance.run(
                    Command.parse(Arrays.asList(command.split(" "))),
                    () -> RunningIdentity.config(postgres.database(), settings),
                    clock,
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8));
            return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } catch (Command.UsageException e) {
            throw new AssertionError(e);
        }
    }
}
