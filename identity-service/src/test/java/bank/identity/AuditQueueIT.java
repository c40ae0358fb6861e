package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;

import bank.identity.domain.AuditLog;
import bank.identity.model.AuditType;
import bank.identity.model.Caller;
import bank.identity.store.AuditStore;
import bank.platform.db.Database;
import bank.testing.Eventually;
import bank.testing.PostgresExtension;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// One transaction at a time adds to the audit log, and does so last.
final class AuditQueueIT {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static RunningIdentity identity;

    @BeforeAll
    static void start() {
        identity = RunningIdentity.start(postgres.database(), Clock.systemUTC(), Map.of());
    }

    @AfterAll
    static void stop() {
        identity.close();
    }

    @Test
    void aSignInThatWaitsHoldsUpNobody() throws Exception {
        var email = identity.registered().getEmail();
        try (var threads = Executors.newFixedThreadPool(1);
                var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Which organisations the user belongs to is read for his token.
            statement.execute("LOCK TABLE organization_member");
            var signIn = threads.submit(() -> identity.login(email, RunningIdentity.PASSWORD));
            Eventually.holds("the sign-in waits", WAIT_MAX, () -> waiting() == 1);
            assertThat(Sql.read(postgres.database(), "SELECT number FROM audit_head FOR UPDATE NOWAIT"))
                    .hasSize(1);
            connection.commit();
            assertThat(signIn.get().getAccessToken()).isNotEmpty();
        }
    }

    @Test
    void aTransactionWithMoreToDoHoldsUpNobody() {
        var config = RunningIdentity.config(postgres.database(), Map.of());
        var log = new AuditLog(new AuditStore(), IdentitySettings.of(config).vault(), null, Clock.systemUTC());
        try (var database = Database.open(config.database(), "identity")) {
            var before = database.read(new AuditStore()::head).number();
            database.inTransaction(tx -> {
                log.append(tx, AuditType.SESSION_ENDED, Caller.system(), "user:1", "");
                return assertThat(free()).hasSize(1);
            });
            assertThat(database.read(new AuditStore()::head).number()).isEqualTo(before + 1);
        }
    }

    private static List<String> free() {
        try {
            return Sql.read(postgres.database(), "SELECT number FROM audit_head FOR UPDATE NOWAIT");
        } catch (SQLException e) {
            throw new AssertionError("somebody holds up the log", e);
        }
    }

    private static int waiting() throws SQLException {
        return Sql.read(postgres.database(), """
                        SELECT pid FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'""").size();
    }
}
