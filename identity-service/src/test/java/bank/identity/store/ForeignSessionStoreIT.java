package bank.identity.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.model.EmailAddress;
import bank.identity.model.NewUser;
import bank.identity.model.Origin;
import bank.identity.model.PersonalName;
import bank.identity.model.Role;
import bank.identity.store.ForeignSessionStore.Opened;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How long it is remembered that a session at another issuer ended here.
class ForeignSessionStoreIT {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LIFE = Duration.ofDays(90);
    private static final Origin NOWHERE = new Origin("", "");

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

    private final ForeignSessionStore foreign = new ForeignSessionStore();
    private final SessionStore sessions = new SessionStore();

    @Test
    void aSessionThatEndedIsRememberedUntilNobodyAsksForItAnyMore() {
        try (var database = Database.open(new Settings(postgres), "identity")) {
            var id = UUID.randomUUID();
            var name = new byte[32];
            database.inTransaction(tx -> {
                var user = new UserStore()
                        .insert(
                                tx,
                                new NewUser(
                                        new EmailAddress("a@example.org"), PersonalName.NONE, null, "", Role.CLIENT),
                                START);
                var opened = new Opened(id, user.id(), Role.CLIENT, "bank-cli", new byte[0], name);
                assertThat(foreign.insert(tx, opened, NOWHERE, START)).isTrue();
                assertThat(sessions.end(tx, id, user.id(), START)).isTrue();
                return id;
            });
            var asked = START.plus(Duration.ofDays(80));
            var used = database.inTransaction(tx -> {
                foreign.useEnded(tx, id, asked);
                return foreign.use(tx, id, Role.CLIENT, NOWHERE, asked, asked.minus(LIFE));
            });
            assertThat(used).isFalse();

            purge(database, START.plus(Duration.ofDays(91)));
            assertThat(known(database, name)).contains(id);
            purge(database, asked.plus(LIFE));
            assertThat(known(database, name)).contains(id);
            purge(database, asked.plus(LIFE).plusSeconds(1));
            assertThat(known(database, name)).isEmpty();
        }
    }

    private Optional<UUID> known(Database database, byte[] name) {
        return database.read(reading -> foreign.find(reading, name));
    }

    private void purge(Database database, Instant now) {
        var _ = database.inTransaction(tx -> sessions.delete(tx, now.minus(LIFE)));
    }
}
