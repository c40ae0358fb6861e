package bank.identity.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.store.SignInCounterStore.Limit;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.testing.PostgresExtension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How counters count when clocks differ and when nobody rests.
class SignInCounterStoreIT {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Limit LIMIT = new Limit(20, Duration.ofMinutes(1));

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

    private static Database database;

    private final SignInCounterStore counters = new SignInCounterStore();
    private final byte[] key = new byte[32];

    SignInCounterStoreIT() {
        var name = UUID.randomUUID();
        ByteBuffer.wrap(key).putLong(name.getMostSignificantBits()).putLong(name.getLeastSignificantBits());
    }

    @BeforeAll
    static void open() {
        database = Database.open(new Settings(postgres), "identity");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private int registered(Instant now) {
        return database.inTransaction(tx -> counters.claimFading(tx, key, LIMIT, HOUR, now, now.minus(DAY)))
                .orElseThrow()
                .failures();
    }

    private int failed(Instant now) {
        return database.inTransaction(tx -> counters.claim(tx, key, LIMIT, now, now.minus(DAY)))
                .orElseThrow()
                .failures();
    }

    @Test
    void aRegistrationBegunBeforeOneThatIsCountedCountsOnce() {
        assertThat(registered(START)).isEqualTo(1);
        assertThat(registered(START.minusMillis(1))).isEqualTo(2);
        assertThat(registered(START.plus(HOUR).minusMillis(1)))
                .as("an hour less")
                .isEqualTo(3);
        assertThat(registered(START.plus(HOUR))).as("an hour").isEqualTo(3);
    }

    @Test
    void aFailureBegunBeforeOneThatIsCountedMakesNoneOlder() {
        assertThat(failed(START)).isEqualTo(1);
        assertThat(failed(START.minus(HOUR))).isEqualTo(2);
        assertThat(failed(START.plus(DAY).minusMillis(1))).isEqualTo(3);
        assertThat(failed(START.plus(DAY).plus(DAY).minusMillis(1)))
                .as("forgotten")
                .isEqualTo(1);
    }

    @Test
    void registrationsAreForgottenWhileOthersCome() {
        for (var i = 1; i <= 10; i++) {
            assertThat(registered(START)).isEqualTo(i);
        }
        // One each 40 minutes is less than two an hour, of which one is forgotten.
        var now = START;
        for (var i = 1; i <= 6; i++) {
            now = now.plus(Duration.ofMinutes(40));
            var _ = registered(now);
        }
        assertThat(registered(now)).as("four hours later").isEqualTo(10 + 6 - 4 + 1);
    }
}
