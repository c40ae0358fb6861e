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
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The time of a refused sign-in tells nobody whether there is such an account. `SignInCostIT` compares the work; here
/// it is timed, with hashes so cheap that a statement more or less would show beside them.
final class SignInTimeIT {
    private static final int MEASURED = 300;
    private static final int WARM_UP = 60;

    /// How far from an even chance it may be that a known account takes longer than an unknown one. Were both the
    /// same, it would be this far off once in more than a thousand million runs, on a busy machine too: both kinds
    /// take turns by lot.
    private static final double BIAS_MAX = 0.15;

    private static final Caller CALLER = new Caller("anonymous", new Origin("192.0.2.7", ""), "request-1");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static String known(int number) {
        return "known-" + number + "@example.org";
    }

    /// @param known how many accounts there are
    private static PasswordChecks checks(Database database, int known) {
        var clock = new TestClock();
        Duration patience = Duration.ofSeconds(30);
        var hasher = new PasswordHasher(new HashCost(512, 1, 1), 1, () -> patience);
        var before = new PasswordHasher(new HashCost(8_192, 1, 1), 1, () -> patience);
        var passwords = new PasswordStore();
        for (var number = 0; number < known; number++) {
            var address = new EmailAddress(known(number));
            // Every second has not signed in since hashes got cheaper.
            var hash = (number % 2 == 0 ? hasher : before).hash(new Password(RunningIdentity.PASSWORD));
            database.inTransaction(tx -> {
                var user = new NewUser(address, PersonalName.NONE, null, "", Role.CLIENT);
                var id = new UserStore().insert(tx, user, clock.instant()).id();
                passwords.set(tx, id, hash, clock.instant());
                return id;
            });
        }
        var vault = new Vault(new byte[Vault.KEY_BYTES]);
        var audit = new AuditLog(new AuditStore(), vault, null, clock);
        var limits = new SignInThrottle.Limits(1_000_000, 1_000_000, Duration.ofMinutes(15));
        var throttle = new SignInThrottle(
                database, new SignInCounterStore(), new UserStore(), vault, limits, audit, () -> patience, clock);
        return new PasswordChecks(database, passwords, hasher, hasher, throttle, vault, audit);
    }

    /// Of one account, and of some that differ in the cost of their hashes.
    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void isTheSameForKnownAndUnknownAccounts(int accounts) {
        var config = RunningIdentity.config(postgres.createDatabase(), Map.of());
        try (var database = Database.open(config.database(), "identity")) {
            var checks = checks(database, accounts);
            var known = new ArrayList<Long>();
            var unknown = new ArrayList<Long>();
            var lot = new Random(7);
            for (var pair = -WARM_UP; pair < MEASURED; pair++) {
                var number = Math.floorMod(pair, accounts);
                var knownFirst = lot.nextBoolean();
                for (var each = 0; each < 2; each++) {
                    var isKnown = (each == 0) == knownFirst;
                    var time = refusal(checks, isKnown ? known(number) : "un" + known(Math.floorMod(pair, MEASURED)));
                    if (pair >= 0) {
                        (isKnown ? known : unknown).add(time);
                    }
                }
            }
            assertThat(longer(known, unknown) - 0.5).as("bias of the times").isBetween(-BIAS_MAX, BIAS_MAX);
        }
    }

    private static long refusal(PasswordChecks checks, String email) {
        var begin = System.nanoTime();
        assertThatThrownBy(() -> checks.check(email, new Password("not the password"), CALLER))
                .isNotNull();
        return System.nanoTime() - begin;
    }

    /// How often one of the first takes longer than one of the second (the statistic of Mann and Whitney, as a share).
    private static double longer(List<Long> first, List<Long> second) {
        var wins = 0.0;
        for (var one : first) {
            for (var other : second) {
                wins += one > other ? 1 : one.equals(other) ? 0.5 : 0;
            }
        }
        return wins / first.size() / second.size();
    }
}
