package bank.identity.domain;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.IdentityConfig;
import bank.identity.events.IdentityEvents;
import bank.identity.keys.Vault;
import bank.identity.model.Caller;
import bank.identity.model.EmailAddress;
import bank.identity.model.NewUser;
import bank.identity.model.Origin;
import bank.identity.model.PersonalName;
import bank.identity.model.ProvedUser;
import bank.identity.model.Role;
import bank.identity.model.UserStatus;
import bank.identity.store.AuditStore;
import bank.identity.store.ClientStore;
import bank.identity.store.LiveSessionStore;
import bank.identity.store.MemberStore;
import bank.identity.store.OrganizationStore;
import bank.identity.store.SessionStore;
import bank.identity.store.SignInCounterStore;
import bank.identity.store.UserStore;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.platform.events.Events;
import bank.platform.events.RetrySchedule;
import bank.testing.PostgresExtension;
import bank.testing.TestClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What no rpc does: statuses set by what happens outside.
class UserStatusesIT {
    private static final Caller REGISTRY = new Caller("registry", new Origin("", ""), "r-1");

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

    private final TestClock clock = new TestClock();
    private final UserStore users = new UserStore();
    private final SessionStore sessions = new SessionStore();
    private final MemberStore members = new MemberStore();
    private final AuditStore audit = new AuditStore();

    private UserStatuses statuses(Database database) {
        var config = bank.platform.config.Settings.of(
                IdentityConfig.class,
                Map.of(
                        "bank.identity.database.url",
                        postgres.jdbcUrl(),
                        "bank.identity.database.user",
                        postgres.user(),
                        "bank.identity.tokens.issuer",
                        "http://identity.test",
                        "bank.identity.kafka.bootstrap-servers",
                        "127.0.0.1:9",
                        "bank.identity.port",
                        "0",
                        "bank.identity.key-encryption-key",
                        "A".repeat(43) + "="));
        var events = new IdentityEvents(new Events(
                        database,
                        config.kafka(),
                        "identity-service",
                        RetrySchedule.DEFAULT,
                        clock,
                        new SimpleMeterRegistry())
                .outbox());
        var vault = new Vault(new byte[Vault.KEY_BYTES]);
        var log = new AuditLog(audit, vault, events, clock);
        return new UserStatuses(
                users,
                sessions,
                new SignInThrottle(
                        database,
                        new SignInCounterStore(),
                        users,
                        vault,
                        new SignInThrottle.Limits(5, 20, Duration.ofMinutes(15)),
                        log,
                        () -> Duration.ofSeconds(30),
                        clock),
                new UserReach(users, members),
                new UserOwnership(members, new OrganizationReach(new OrganizationStore(), members)),
                new LastAdmin(users),
                new LiveCallers(
                        new LiveSessionStore(),
                        new ClientStore(),
                        new Sessions.Life(Duration.ofDays(30), Duration.ofDays(90), Duration.ofSeconds(30)),
                        clock),
                events,
                log,
                clock);
    }

    @ParameterizedTest
    @EnumSource(value = UserStatus.class, names = "ACTIVE", mode = EnumSource.Mode.EXCLUDE)
    void sessionsEndWithTheRightToSignIn(UserStatus status) {
        try (var database = Database.open(new Settings(postgres), "identity")) {
            var user = inserted(database, Role.CLIENT);
            var session = opened(database, user);
            var changed = database.inTransaction(
                    tx -> statuses(database).set(tx, user, status, "notice 7 of the registry", REGISTRY));
            assertThat(changed.status()).isEqualTo(status);
            assertThat(changed.statusReason()).isEqualTo("notice 7 of the registry");
            assertThat(changed.blockedByOrganization()).isFalse();
            assertThat(open(database, session)).isFalse();
            var head = database.read(audit::head).number();
            var newest = database.read(reading -> audit.following(reading, head - 1, 1));
            assertThat(newest).singleElement().satisfies(stored -> {
                assertThat(stored.event().subject()).isEqualTo("user:" + user);
                assertThat(stored.event().caller()).isEqualTo(REGISTRY);
                assertThat(stored.event().detail()).endsWith(": notice 7 of the registry");
            });

            var lifted =
                    database.inTransaction(tx -> statuses(database).set(tx, user, UserStatus.ACTIVE, "", REGISTRY));
            assertThat(lifted.status()).isEqualTo(UserStatus.ACTIVE);
            assertThat(lifted.statusReason()).isEmpty();
            assertThat(open(database, session)).isFalse();
        }
    }

    @Test
    void theLastAdministratorMayDie() {
        try (var database = Database.open(new Settings(postgres), "identity")) {
            var user = inserted(database, Role.ADMIN);
            var changed =
                    database.inTransaction(tx -> statuses(database).set(tx, user, UserStatus.DECEASED, "", REGISTRY));
            assertThat(changed.status()).isEqualTo(UserStatus.DECEASED);
        }
    }

    private long inserted(Database database, Role role) {
        var user = new NewUser(new EmailAddress(UUID.randomUUID() + "@example.org"), PersonalName.NONE, null, "", role);
        return database.inTransaction(tx -> users.insert(tx, user, clock.instant()))
                .id();
    }

    private UUID opened(Database database, long user) {
        var id = UUID.randomUUID();
        var opened = database.inTransaction(tx -> sessions.insert(
                tx,
                id,
                new ProvedUser(user, 0),
                "bank-cli",
                null,
                new byte[0],
                null,
                new Origin("", ""),
                clock.instant()));
        assertThat(opened).contains(Role.CLIENT);
        return id;
    }

    private boolean open(Database database, UUID session) {
        return database.read(reading -> sessions.find(reading, session))
                .orElseThrow()
                .open();
    }
}
