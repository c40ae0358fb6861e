package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.identity.domain.AuditLog;
import bank.identity.domain.PasswordChecks;
import bank.identity.domain.SignInThrottle;
import bank.identity.keys.Vault;
import bank.identity.model.Caller;
import bank.identity.model.EmailAddress;
import bank.identity.model.NewUser;
import bank.identity.model.Origin;
import bank.identity.model.Password;
import bank.identity.model.PersonalName;
import bank.identity.model.Role;
import bank.identity.password.HashCost;
import bank.identity.password.PasswordHasher;
import bank.identity.store.AuditStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.SignInCounterStore;
import bank.identity.store.UserStore;
import bank.platform.db.Database;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A refused sign-in takes the same work whether there is such an account or not: as many hashes, the same statements
/// in the same order.
final class SignInCostIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock();
    private static final AtomicInteger hashes = new AtomicInteger();
    private static final Caller CALLER = new Caller("anonymous", new Origin("192.0.2.7", ""), "request-1");

    private static Database database;
    private static PasswordChecks checks;

    record Work(List<String> statements, int hashes) {}

    @BeforeAll
    static void open() {
        // Each statement is told each time.
        var settings = Map.of("bank.identity.database.url", postgres.jdbcUrl() + "?prepareThreshold=0");
        database = Database.open(
                RunningIdentity.config(postgres.database(), settings).database(), "identity");
        var hasher = new PasswordHasher(HashCost.OWASP, 1, () -> {
            hashes.incrementAndGet();
            return Duration.ofSeconds(30);
        });
        var passwords = new PasswordStore();
        database.inTransaction(tx -> {
            var user = new NewUser(new EmailAddress("known@example.org"), PersonalName.NONE, null, "", Role.CLIENT);
            var id = new UserStore().insert(tx, user, clock.instant()).id();
            passwords.set(tx, id, hasher.hash(new Password(RunningIdentity.PASSWORD)), clock.instant());
            return id;
        });
        var vault = new Vault(new byte[Vault.KEY_BYTES]);
        var audit = new AuditLog(new AuditStore(), vault, null, clock);
        var throttle = new SignInThrottle(
                database,
                new SignInCounterStore(),
                new UserStore(),
                vault,
                new SignInThrottle.Limits(3, 100, Duration.ofMinutes(15)),
                audit,
                () -> Duration.ofSeconds(30),
                clock);
        checks = new PasswordChecks(database, passwords, hasher, hasher, throttle, vault, audit);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void isTheSameForKnownAndUnknownAccounts() {
        var known = new ArrayList<Work>();
        var unknown = new ArrayList<Work>();
        // The third brings a pause, which the others meet; the first of them is told of.
        for (var attempt = 1; attempt <= 5; attempt++) {
            known.add(refused("known@example.org"));
            unknown.add(refused("unknown@example.org"));
        }
        assertThat(unknown).isEqualTo(known);
        assertThat(known).extracting(Work::hashes).containsExactly(1, 1, 1, 1, 1);
        assertThat(new HashSet<>(known)).hasSize(4);
        assertThat(known.getFirst().statements()).anyMatch(sql -> sql.contains("user_password"));

        // Nor does a right password where its user is new, by what is looked at after it.
        for (var attempt = 6; attempt <= 9; attempt++) {
            known.add(refused("known@example.org", RunningIdentity.PASSWORD));
            unknown.add(refused("unknown@example.org", RunningIdentity.PASSWORD));
        }
        assertThat(unknown).isEqualTo(known);
        assertThat(known).extracting(Work::hashes).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 0);
    }

    private static Work refused(String email) {
        return refused(email, "not the password");
    }

    private static Work refused(String email, String password) {
        var before = hashes.get();
        var statements =
                Statements.during(() -> assertThatThrownBy(() -> checks.check(email, new Password(password), CALLER))
                        .isNotNull());
        return new Work(statements, hashes.get() - before);
    }
}
