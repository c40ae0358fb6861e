package bank.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.embedded.EmbeddedPostgresServer;
import bank.embedded.EmbeddedServerException;
import bank.embedded.PostgresDatabase;
import bank.embedded.PostgresSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The embedded PostgreSQL keeps its data through every way of ending, and takes over what a killed process left.
class EmbeddedPostgresIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN EmbeddedPostgresServer stopped a PostgreSQL left running on ");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Path PROGRAMS = Path.of("target", "postgres-programs");

    @TempDir
    Path directory;

    @Test
    void keepsCommittedRowsThroughAKillOfItsJvm() throws SQLException {
        long orphan;
        try (var holder = ServiceProcess.ofMain(Holder.class, directory.toString())
                .heap("128m")
                .start()) {
            var ready =
                    holder.awaitLine(line -> line.startsWith("ready "), LIMIT).split(" ");
            var database = new PostgresDatabase("bank", ready[2], ready[3], ready[4]);
            execute(database, "CREATE TABLE kept (text text)");
            execute(database, "INSERT INTO kept VALUES ('договор')");
            orphan = Long.parseLong(ready[1]);
            holder.kill();
        }
        assertThat(program(orphan)).as("PostgreSQL outlives the killed JVM").isPresent();

        try (var server = start()) {
            assertThat(program(orphan)).as("the next start stops it").isEmpty();
            assertThat(server.pid()).isNotEqualTo(orphan);
            assertThat(log.lines()).hasSize(1);
            assertThat(query(server.createDatabase("bank"), "SELECT text FROM kept"))
                    .isEqualTo("договор");
        }
    }

    @Test
    void keepsRowsThroughAKillOfPostgresItself() throws Exception {
        try (var server = start()) {
            execute(server.createDatabase("bank"), "CREATE TABLE kept AS SELECT 1 AS one");
            var process = ProcessHandle.of(server.pid()).orElseThrow();
            process.destroyForcibly();
            process.onExit().get();
        }
        try (var server = start()) {
            assertThat(query(server.createDatabase("bank"), "SELECT one::text FROM kept"))
                    .isEqualTo("1");
        }
    }

    @Test
    void startsAgainOnItsPortAfterAKill() throws Exception {
        try (var server = start()) {
            var database = server.createDatabase("bank");
            execute(database, "CREATE TABLE kept AS SELECT 1 AS one");
            var process = ProcessHandle.of(server.pid()).orElseThrow();
            process.destroyForcibly();
            process.onExit().get();
            Eventually.holds("it starts again", LIMIT, () -> restarts(server));
            assertThat(query(database, "SELECT one::text FROM kept")).isEqualTo("1");
        }
    }

    private static boolean restarts(EmbeddedPostgresServer server) {
        try {
            server.restart();
            return true;
        } catch (EmbeddedServerException stillEnding) {
            return false;
        }
    }

    @Test
    void startsAgainAfterACleanStopAndLeavesNoProcess() throws SQLException {
        long first;
        try (var server = start()) {
            first = server.pid();
            execute(server.createDatabase("bank"), "CREATE TABLE kept AS SELECT 1 AS one");
        }
        assertThat(program(first)).isEmpty();
        try (var server = start()) {
            assertThat(query(server.createDatabase("bank"), "SELECT one::text FROM kept"))
                    .isEqualTo("1");
        }
    }

    @Test
    void waitsForTheDiskAndListensOnLoopbackOnly() throws SQLException {
        try (var server = start()) {
            var database = server.createDatabase("bank");
            assertThat(query(database, "SHOW fsync")).isEqualTo("on");
            assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(database, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(query(database, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void asksEverybodyForAPassword() throws SQLException {
        try (var server = start()) {
            var database = server.createDatabase("bank");
            assertThatThrownBy(() -> connect(new PostgresDatabase("bank", database.jdbcUrl(), "postgres", "wrong")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(query(
                            database,
                            "SELECT current_user || ' ' || rolsuper FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("bank false");
        }
    }

    @Test
    void letsOnlyTheOwnerConnectToADatabase() {
        try (var server = start()) {
            var one = server.createDatabase("one");
            var two = server.createDatabase("two");
            assertThatThrownBy(() -> connect(new PostgresDatabase("two", two.jdbcUrl(), one.user(), one.password())))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void letsOnlyItsOwnerReadItsFiles() throws IOException {
        start().close();
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(settings().directory())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(settings().directory().resolve("password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesADirectoryInUse() {
        try (var server = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("in use by another process");
            assertThat(ProcessHandle.of(server.pid())).isPresent();
        }
    }

    @Test
    void ignoresAPidFileWhoseNumberBelongsToAnotherProgram() throws Exception {
        start().close();
        var data = settings().directory().resolve("data");
        Files.writeString(
                data.resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n" + data + "\n");
        try (var server = start()) {
            assertThat(server.pid()).isNotEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    void finishesAFirstStartThatWasCutOff() throws Exception {
        Files.createDirectories(settings().directory().resolve("data.new/base"));
        Files.writeString(settings().directory().resolve("data.new/postgresql.conf"), "half");
        var settings = PostgresSettings.durable(settings().directory());
        Files.createDirectories(settings.binariesDirectory().resolve("unpacking/bin"));
        try (var server = EmbeddedPostgresServer.start(settings)) {
            assertThat(query(server.createDatabase("bank"), "SELECT 1::text")).isEqualTo("1");
        }
    }

    @Test
    void tellsWhyItDoesNotStart() throws IOException {
        start().close();
        Files.writeString(settings().directory().resolve("data/postgresql.conf"), "no_such_setting = 1\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("no_such_setting");
    }

    private EmbeddedPostgresServer start() {
        return EmbeddedPostgresServer.start(settings());
    }

    private PostgresSettings settings() {
        return settings(directory);
    }

    private static PostgresSettings settings(Path directory) {
        var durable = PostgresSettings.durable(directory.resolve("postgres"));
        return new PostgresSettings(
                durable.directory(), PROGRAMS, durable.durable(), durable.connectionsMax(), durable.startTimeout());
    }

    /// The program that a process runs; empty when it is over, even if it is still listed because nobody asked how it
    /// ended.
    private static Optional<String> program(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command());
    }

    private static Connection connect(PostgresDatabase database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }

    private static void execute(PostgresDatabase database, String sql) throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresDatabase database, String sql) throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    /// A JVM that holds a PostgreSQL until it is killed.
    static final class Holder {
        public static void main(String[] arguments) throws InterruptedException {
            var server = EmbeddedPostgresServer.start(settings(Path.of(arguments[0])));
            var database = server.createDatabase("bank");
            System.out.println(String.join(
                    " ",
                    "ready",
                    Long.toString(server.pid()),
                    database.jdbcUrl(),
                    database.user(),
                    database.password()));
            Thread.currentThread().join();
        }
    }
}
