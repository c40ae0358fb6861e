package bank.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL started by this JVM, with all it keeps below one directory and passwords (SCRAM) from its first start.
///
/// Listens on 127.0.0.1, on a port of its choice, and on no socket file. Every step of the first start is repeatable:
/// the password is kept before the cluster is made with it, and the cluster takes its place in one rename.
///
/// A JVM killed by `kill -9` leaves PostgreSQL running; the next start on the same directory stops it first.
public final class EmbeddedPostgresServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgresServer.class);
    private static final String SUPERUSER = "postgres";
    private static final Duration INITDB_MAX = Duration.ofMinutes(2);
    private static final int PORT_ATTEMPTS = 3;
    private static final Pattern DATABASE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final PostgresSettings settings;
    private final DirectoryLock lock;
    private final Postmaster postmaster;
    private final int port;
    private final String password;
    private boolean closed;

    private EmbeddedPostgresServer(
            PostgresSettings settings, DirectoryLock lock, Postmaster postmaster, int port, String password) {
        this.settings = settings;
        this.lock = lock;
        this.postmaster = postmaster;
        this.port = port;
        this.password = password;
    }

    /// Starts PostgreSQL and waits until it accepts connections.
    ///
    /// @param settings where and how
    /// @return the running server
    /// @throws EmbeddedServerException when the directory is in use, or the server does not come up in time
    public static EmbeddedPostgresServer start(PostgresSettings settings) {
        try {
            PrivateFiles.createDirectories(settings.directory());
            var lock = DirectoryLock.acquire(settings.directory());
            try {
                return start(settings, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "cannot start PostgreSQL on " + settings.directory() + ": " + e.getMessage(), e);
        }
    }

    /// A database of the server that another process runs on a directory.
    ///
    /// @param settings with which it was started
    /// @param name the name given to [#createDatabase]
    /// @return empty when none runs there, or it is still starting
    /// @throws EmbeddedServerException when the directory can't be read
    public static Optional<PostgresDatabase> running(PostgresSettings settings, String name) {
        try {
            var directory = settings.directory().toRealPath();
            var tool = new PostgresTool(
                    PostgresPrograms.unpack(settings.binariesDirectory()), directory.resolve("command.log"));
            var password = PrivateFiles.secret(directory.resolve("password"));
            return new Postmaster(directory.resolve("data"), tool)
                    .port()
                    .map(port -> new PostgresDatabase(name, jdbcUrl(port, name), name, password));
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot look at " + settings.directory() + ": " + e.getMessage(), e);
        }
    }

    private static EmbeddedPostgresServer start(PostgresSettings settings, DirectoryLock lock) throws IOException {
        // As the processes of PostgreSQL will be told it, by whatever links this start came.
        var directory = settings.directory().toRealPath();
        var tool = new PostgresTool(
                PostgresPrograms.unpack(settings.binariesDirectory()), directory.resolve("command.log"));
        var passwordFile = directory.resolve("password");
        var password = PrivateFiles.secret(passwordFile);
        var data = directory.resolve("data");
        var postmaster = new Postmaster(data, tool);
        if (!Files.exists(data)) {
            initialize(tool, directory.resolve("data.new"), data, passwordFile, settings.durable());
        } else if (postmaster.stopOrphan()) {
            LOG.warn("stopped a PostgreSQL left running on {} by a process that was killed", data);
        }
        var port = start(settings, postmaster, newLog(directory));
        var server = new EmbeddedPostgresServer(settings, lock, postmaster, port, password);
        try (var connection = server.connect()) {
            LOG.info("PostgreSQL {} is up on port {}", connection.getMetaData().getDatabaseProductVersion(), port);
            return server;
        } catch (SQLException e) {
            postmaster.stop();
            throw new EmbeddedServerException("cannot sign in to PostgreSQL on " + data + ": " + e.getMessage(), e);
        }
    }

    private static void initialize(PostgresTool tool, Path draft, Path data, Path passwordFile, boolean durable)
            throws IOException {
        PostgresPrograms.deleteRecursively(draft);
        tool.runOrThrow(
                INITDB_MAX,
                "initdb",
                List.of(
                        "--pgdata=" + draft,
                        "--username=" + SUPERUSER,
                        "--auth=scram-sha-256",
                        "--pwfile=" + passwordFile,
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--locale=C.UTF-8",
                        "--no-instructions",
                        durable ? "--sync-method=fsync" : "--no-sync"));
        Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
        PrivateFiles.sync(data.resolveSibling(""));
    }

    private static int start(PostgresSettings settings, Postmaster postmaster, Path log) throws IOException {
        for (var attempt = 1; ; attempt++) {
            var port = freePort();
            try {
                postmaster.start(port, options(settings), log, settings.startTimeout());
                return port;
            } catch (EmbeddedServerException e) {
                postmaster.stopOrphan();
                var said = PostgresTool.lastLines(log, 5);
                if (attempt == PORT_ATTEMPTS || !said.contains("Address already in use")) {
                    throw new EmbeddedServerException(e.getMessage() + ": " + said + " (see " + log + ")", e);
                }
            }
        }
    }

    private static List<String> options(PostgresSettings settings) {
        var durable = settings.durable() ? "on" : "off";
        return List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "password_encryption=scram-sha-256",
                "max_connections=" + settings.connectionsMax(),
                "fsync=" + durable,
                "synchronous_commit=" + durable,
                "full_page_writes=" + durable,
                "timezone=UTC",
                "log_timezone=UTC",
                "log_checkpoints=off",
                // What a failed statement carried may be personal data: the services log their own failures.
                "log_error_verbosity=terse",
                "log_min_error_statement=panic");
    }

    /// The server writes to a fresh file at each start; one earlier file is kept.
    private static Path newLog(Path directory) throws IOException {
        var log = directory.resolve("postgres.log");
        if (Files.exists(log)) {
            Files.move(log, directory.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.createFile(
                log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /// The TCP port on 127.0.0.1; another one after each start.
    public int port() {
        return port;
    }

    /// The process id of the running server, for tests that kill it.
    ///
    /// @throws EmbeddedServerException when it is not running
    public long pid() {
        try {
            return postmaster
                    .process()
                    .orElseThrow(() -> new EmbeddedServerException("PostgreSQL is not running"))
                    .pid();
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot read the process id of PostgreSQL: " + e.getMessage(), e);
        }
    }

    /// Starts the server again on the port it had, after it was killed.
    ///
    /// @throws EmbeddedServerException when it does not come up, because a process of the killed one still ends, say
    public synchronized void restart() {
        try {
            var log = newLog(settings.directory().toRealPath());
            postmaster.start(port, options(settings), log, settings.startTimeout());
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot start PostgreSQL again: " + e.getMessage(), e);
        }
    }

    /// Creates the database `name` with an owner role of the same name, unless they exist, and lets nobody else
    /// connect to it.
    ///
    /// @param name 1 to 63 of a-z, 0-9 and underscore, beginning with a letter
    /// @return where it is and how to sign in
    /// @throws EmbeddedServerException when the server refuses
    public PostgresDatabase createDatabase(String name) {
        if (!DATABASE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a database name: " + name);
        }
        try (var connection = connect();
                var statement = connection.createStatement()) {
            if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", name)) {
                statement.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
            }
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                statement.execute("CREATE DATABASE " + name + " OWNER " + name);
            }
            statement.execute("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
        } catch (SQLException e) {
            throw new EmbeddedServerException("cannot create the database " + name + ": " + e.getMessage(), e);
        }
        return new PostgresDatabase(name, jdbcUrl(name), name, password);
    }

    /// Drops the database `name` and its role, ending the connections to it; does nothing if there is none.
    ///
    /// @param name the name given to [#createDatabase]
    public void dropDatabase(String name) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            statement.execute("DROP ROLE IF EXISTS " + name);
        } catch (SQLException e) {
            throw new EmbeddedServerException("cannot drop the database " + name + ": " + e.getMessage(), e);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private String jdbcUrl(String database) {
        return jdbcUrl(port, database);
    }

    private static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(SUPERUSER), SUPERUSER, password);
    }

    /// Stops the server, rolling back what is still open, and lets go of the directory. Closing again does nothing.
    ///
    /// @throws EmbeddedServerException when it does not stop
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (lock) {
            postmaster.stop();
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot stop PostgreSQL: " + e.getMessage(), e);
        }
    }
}
