package bank.platform.db;

import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.failure.Cancellation;
import bank.platform.failure.Failure;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.grpc.Context;
import io.grpc.Status;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.postgresql.util.PSQLException;

/// The database of one service. Statements end with the deadline of the running call.
public final class Database implements AutoCloseable {
    private static final Duration STATEMENT_TIME_MAX = Duration.ofSeconds(30);
    // Longer than a relay waits for Kafka in a transaction, which has locks that others wait for.
    private static final Duration IDLE_IN_TRANSACTION_MAX = Duration.ofSeconds(60);
    // Of a host that vanished the server hears nothing, and would keep its locks for two hours.
    private static final String INIT_SQL =
            """
            SET statement_timeout = %d;
            SET idle_in_transaction_session_timeout = %d;
            SET tcp_keepalives_idle = 30;
            SET tcp_keepalives_interval = 10;
            SET tcp_keepalives_count = 3""".formatted(STATEMENT_TIME_MAX.toMillis(), IDLE_IN_TRANSACTION_MAX.toMillis());

    private final DatabaseConfig config;
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(DatabaseConfig config, HikariDataSource pool) {
        this.config = config;
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        // What was bound to a statement may be a secret, and exceptions go to the log.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
    }

    /// Connects and brings the schema up to date: the migrations of the platform, then the service's
    /// own in `db/<service>`.
    public static Database open(DatabaseConfig config, String service) {
        var hikari = new HikariConfig();
        hikari.setPoolName(service);
        hikari.setJdbcUrl(config.url());
        hikari.setUsername(config.user());
        config.password().ifPresent(hikari::setPassword);
        hikari.setMaximumPoolSize(config.connectionsMax());
        hikari.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        hikari.setConnectionInitSql(INIT_SQL);
        hikari.addDataSourceProperty("ApplicationName", service);
        hikari.addDataSourceProperty("reWriteBatchedInserts", "true");
        hikari.addDataSourceProperty("tcpKeepAlive", "true");
        hikari.addDataSourceProperty("logServerErrorDetail", "false");
        var pool = new HikariDataSource(hikari);
        try {
            Flyway.configure()
                    // Connections of its own: a migration may take longer than a statement of a call.
                    .dataSource(config.url(), config.user(), config.password().orElse(null))
                    .locations("classpath:db/platform", "classpath:db/" + service)
                    .load()
                    .migrate();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
        return new Database(config, pool);
    }

    /// Reads outside a transaction: each statement sees its own snapshot.
    public <T> T read(Function<Session, T> work) {
        return translating(() -> {
            try (var handle = open()) {
                return work.apply(new Session(handle));
            }
        });
    }

    /// Runs work in one transaction (read committed). It commits when the work returns, unless the
    /// call was cancelled meanwhile, and rolls back when it throws.
    public <T> T inTransaction(Function<Tx, T> work) {
        return translating(() -> {
            try (var handle = open()) {
                handle.begin();
                try {
                    var tx = new Tx(handle);
                    var result = work.apply(tx);
                    if (tx.rollsBack()) {
                        handle.rollback();
                    } else {
                        tx.ending();
                        Cancellation.refuse();
                        handle.commit();
                        tx.committed();
                    }
                    return result;
                } catch (Throwable e) {
                    rollback(handle, e);
                    throw e;
                }
            }
        });
    }

    /// Runs work in one transaction that neither the end nor the deadline of the running call stops: for
    /// cleaning up after a call, whatever became of it.
    public <T> T inDetachedTransaction(Function<Tx, T> work) {
        var outer = Context.ROOT.attach();
        try {
            return inTransaction(work);
        } finally {
            Context.ROOT.detach(outer);
        }
    }

    /// Listens to a channel (NOTIFY), on a connection beside the pool.
    ///
    /// @param channel a plain name, e.g. `event_outbox`
    public Notifications listen(String channel) {
        var properties = new Properties();
        properties.setProperty("user", config.user());
        config.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("tcpKeepAlive", "true");
        return new Notifications(() -> DriverManager.getConnection(config.url(), properties), channel);
    }

    /// For libraries that bring their own SQL.
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }

    private Handle open() {
        var handle = jdbi.open();
        var seconds = secondsLeft();
        if (seconds < STATEMENT_TIME_MAX.toSeconds()) {
            // A timer in this process for each statement: the server's own limit is much cheaper where it will do.
            handle.getConfig(SqlStatements.class).setQueryTimeout(seconds);
        }
        return handle;
    }

    private static void rollback(Handle handle, Throwable cause) {
        try {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (JdbiException e) {
            cause.addSuppressed(e);
        }
    }

    private static int secondsLeft() {
        var deadline = Context.current().getDeadline();
        if (deadline == null) {
            return (int) STATEMENT_TIME_MAX.toSeconds();
        }
        var seconds = deadline.timeRemaining(TimeUnit.MILLISECONDS) / 1000 + 1;
        return (int) Math.clamp(seconds, 1, STATEMENT_TIME_MAX.toSeconds());
    }

    private static <T> T translating(Supplier<T> work) {
        try {
            return work.get();
        } catch (JdbiException e) {
            throw translated(e);
        }
    }

    private static RuntimeException translated(JdbiException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                var state = sql.getSQLState() == null ? "" : sql.getSQLState();
                if (sql instanceof PSQLException psql && state.startsWith("23")) {
                    var message = psql.getServerErrorMessage();
                    var name = message == null ? null : message.getConstraint();
                    return new ConstraintViolatedException(name == null ? "" : name, e);
                }
                if (state.startsWith("40")) {
                    return Failure.of(Status.Code.ABORTED, "CONFLICT", "another change got in the way: repeat it")
                            .retryAfter(Duration.ofSeconds(1))
                            .exception();
                }
                if (state.equals("57014")) {
                    return Failure.of(Status.Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "the deadline passed")
                            .exception();
                }
                if (state.startsWith("22") || state.startsWith("54")) {
                    return new UnstorableException(state, e);
                }
                if (sql instanceof SQLTransientConnectionException
                        || state.startsWith("08")
                        || state.startsWith("57P")
                        || state.equals("25P03")
                        || state.startsWith("53")) {
                    return new DatabaseUnavailableException(e);
                }
            }
        }
        return e;
    }
}
