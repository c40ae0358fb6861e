package bank.identity.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.identity.keys.Vault;
import bank.identity.model.Caller;
import bank.identity.model.ClientNetwork;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.RegistrationPaused;
import bank.identity.model.Origin;
import bank.identity.store.AuditStore;
import bank.identity.store.SignInCounterStore;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whoever has many addresses is held back by the network they are in, and who shares one waits a minute at
/// most.
class RegistrationThrottleNetworksIT {
    private static final int MAX = 3;

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private record Settings(PostgresExtension server) implements DatabaseConfig {
        @Override
        public String url() {
            return server.jdbcUrl();
        }

        @Override
        public String user() {
            return server.user();
        }

        @Override
        public Optional<String> password() {
            return Optional.of(server.password());
        }

        @Override
        public int connectionsMax() {
            return 2;
        }
    }

    private static final TestClock clock = new TestClock();
    private static Database database;
    private static RegistrationThrottle throttle;

    @BeforeAll
    static void open() {
        database = Database.open(new Settings(postgres), "identity");
        var vault = new Vault(new byte[Vault.KEY_BYTES]);
        throttle = new RegistrationThrottle(
                database,
                new SignInCounterStore(),
                vault,
                MAX,
                new AuditLog(new AuditStore(), vault, null, clock),
                clock);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static void register(String address) {
        var caller = new Caller("anonymous", new Origin(address, ""), "r-1");
        assertThat(throttle.attempt(caller, () -> address)).isEqualTo(address);
    }

    private static Duration pause(String address) {
        try {
            register(address);
            return Duration.ZERO;
        } catch (IdentityException e) {
            assertThat(e.failure()).isInstanceOf(RegistrationPaused.class);
            return ((RegistrationPaused) e.failure()).pause();
        }
    }

    @Test
    void aHouseholdTakesFiveTimesAsManyAsAnAddress() {
        for (var i = 0; i < 5 * MAX; i++) {
            register("2001:db8:a:10%02x::1".formatted(i));
        }
        assertThat(pause("2001:db8:a:10ff::1")).isEqualTo(Duration.ofSeconds(1));
        assertThat(pause("2001:db8:a:1100::1")).as("another household").isZero();
        database.inTransaction(tx -> {
            throttle.lift(tx, ClientNetwork.of("2001:db8:a:1001::1").orElseThrow());
            return tx;
        });
        assertThat(pause("2001:db8:a:10ff::1")).as("lifted").isZero();
    }

    @Test
    void aNetworkGivenAwayAsAWholeTakesTwentyFiveTimesAsMany() {
        for (var i = 0; i < 25 * MAX; i++) {
            register("2001:db8:b:%02x00::1".formatted(i));
        }
        assertThatThrownBy(() -> register("2001:db8:b:ff00::1")).isInstanceOf(IdentityException.class);
        assertThat(pause("2001:db8:c:ff00::1")).as("another network").isZero();
        clock.advance(Duration.ofHours(1));
        for (var i = 0; i < 25; i++) {
            register("2001:db8:b:%02xff::1".formatted(i));
        }
        assertThat(pause("2001:db8:b:ffff::1")).as("25 an hour are forgotten").isPositive();
    }

    @Test
    void nobodyWaitsLongerThanAMinute() {
        for (var i = 0; i < 20; i++) {
            clock.advance(Duration.ofMinutes(1));
            register("192.0.2.1");
        }
        assertThat(pause("192.0.2.1")).isEqualTo(Duration.ofMinutes(1));
    }
}
