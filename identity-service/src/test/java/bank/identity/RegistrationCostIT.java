package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.domain.AuditLog;
import bank.identity.domain.RegistrationThrottle;
import bank.identity.domain.Registrations;
import bank.identity.domain.Verifications;
import bank.identity.events.IdentityEvents;
import bank.identity.keys.Vault;
import bank.identity.model.Caller;
import bank.identity.model.Origin;
import bank.identity.model.Password;
import bank.identity.model.PersonalName;
import bank.identity.model.Registration;
import bank.identity.password.CommonPasswords;
import bank.identity.password.HashCost;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.store.AuditStore;
import bank.identity.store.IdentifierStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.SignInCounterStore;
import bank.identity.store.UserStore;
import bank.identity.store.VerificationStore;
import bank.platform.db.ConstraintViolatedException;
import bank.platform.db.Database;
import bank.platform.events.Events;
import bank.platform.events.RetrySchedule;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A registration takes the same work, up to the very answer, whether the e-mail is taken or not.
final class RegistrationCostIT {
    private static final Caller CALLER = new Caller("anonymous", new Origin("192.0.2.7", ""), "request-1");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock();
    private static final AtomicInteger hashes = new AtomicInteger();

    private static Database database;
    private static Registrations registrations;

    /// @param stored the last statement stored the user
    record Work(List<String> statements, int hashes, boolean stored) {}

    @BeforeAll
    static void open() {
        // Each statement is told each time.
        var settings = Map.of("bank.identity.database.url", postgres.jdbcUrl() + "?prepareThreshold=0");
        var config = RunningIdentity.config(postgres.database(), settings);
        database = Database.open(config.database(), "identity");
        var hasher = new PasswordHasher(HashCost.OWASP, 1, () -> {
            hashes.incrementAndGet();
            return Duration.ofSeconds(30);
        });
        var vault = new Vault(new byte[Vault.KEY_BYTES]);
        var outbox = new Events(
                        database,
                        config.kafka(),
                        "identity-service",
                        RetrySchedule.DEFAULT,
                        clock,
                        new SimpleMeterRegistry())
                .outbox();
        var events = new IdentityEvents(outbox);
        var audit = new AuditLog(new AuditStore(), vault, events, clock);
        var users = new UserStore();
        registrations = new Registrations(
                users,
                new PasswordStore(),
                new Verifications(
                        database, users, new IdentifierStore(), new VerificationStore(), events, audit, clock, false),
                hasher,
                new RegistrationThrottle(
                        database, new SignInCounterStore(), vault, 100, audit, () -> Duration.ofSeconds(30), clock),
                new PasswordRules(CommonPasswords.none()),
                audit,
                clock,
                false);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void isTheSameForTakenAndFreeEmails() {
        assertThat(registered("known@example.org").stored()).isTrue();

        var taken = registered("known@example.org");
        var free = registered("unknown@example.org");
        assertThat(taken.stored()).isFalse();
        assertThat(free.stored()).isTrue();
        assertThat(List.of(taken.hashes(), free.hashes())).containsExactly(1, 1);
        assertThat(taken.statements()).last().asString().contains("INSERT INTO bank_user");
        assertThat(free.statements().subList(0, taken.statements().size())).isEqualTo(taken.statements());
    }

    private static Work registered(String email) {
        var before = hashes.get();
        var stored = new AtomicInteger();
        var statements = Statements.during(() -> {
            var checked = registrations.check(
                    new Registration(
                            email, new Password(RunningIdentity.PASSWORD), PersonalName.NONE, null, "", null, ""),
                    CALLER);
            try {
                stored.addAndGet(
                        database.inTransaction(tx -> registrations.register(tx, checked, CALLER))
                                                .id()
                                        > 0
                                ? 1
                                : 0);
            } catch (ConstraintViolatedException e) {
                assertThat(e.constraint()).isEqualTo("user_email_key");
            }
        });
        return new Work(
                statements.stream().filter(sql -> !sql.contains("ROLLBACK")).toList(),
                hashes.get() - before,
                stored.get() == 1);
    }
}
