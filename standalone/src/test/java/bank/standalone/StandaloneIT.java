package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import bank.testing.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the one-command run starts, refuses to start, and stops.
class StandaloneIT {
    private static final Duration REFUSAL_MAX = Duration.ofSeconds(20);
    private static final String ADMIN = "admin@bank.local";
    private static final String BANK =
            Path.of("..", "bank").toAbsolutePath().normalize().toString();

    @TempDir
    Path directory;

    @Test
    void runsTwoInstancesSideBySideAndStopsThemCleanly() {
        var first = Instance.launch(directory.resolve("первый"), Instance.freePort());
        var second = Instance.launch(directory.resolve("second"), Instance.freePort(), "--demo");
        try (first;
                second) {
            first.awaitReady();
            second.awaitReady();
            assertThat(first.postgres()).hasSize(1);
            assertThat(second.postgres()).hasSize(1);
            assertThat(first.process().output()).anyMatch(line -> line.startsWith("administrator "));
            assertThat(second.process().output()).noneMatch(line -> line.startsWith("administrator "));

            assertThat(first.process().stop(Instance.STOP_MAX)).isZero();
            assertThat(first.process().output()).last().isEqualTo("stopping …");
            assertThat(first.postgres()).isEmpty();
            assertThat(second.postgres()).hasSize(1);
            assertThat(second.process().stop(Instance.STOP_MAX)).isZero();
            assertThat(second.postgres()).isEmpty();
        }
    }

    @Test
    void startsAgainAfterAKillAndTellsThePasswordOnlyOnce() {
        List<ProcessHandle> orphans;
        try (var killed = Instance.start(directory)) {
            assertThat(killed.process().output()).anyMatch(line -> line.startsWith("administrator "));
            killed.process().kill();
            orphans = killed.postgres();
            assertThat(orphans).hasSize(1);

            try (var again = Instance.start(directory)) {
                assertThat(orphans).noneMatch(ProcessHandle::isAlive);
                assertThat(again.postgres()).hasSize(1);
                assertThat(again.process().output()).noneMatch(line -> line.startsWith("administrator "));
                assertThat(again.process().stop(Instance.STOP_MAX)).isZero();
                assertThat(again.postgres()).isEmpty();
            }
        }
    }

    @Test
    void losesNoPasswordInAStartThatFailsAndGivesANewOneOnDemand() throws IOException {
        String password;
        try (var failed = Instance.launch(directory, Instance.freePort())) {
            awaitPostgres(failed);
            // The edge binds it last, when the administrator is made already.
            try (var taken = new ServerSocket(failed.port(), 1, InetAddress.ofLiteral("127.0.0.1"))) {
                assertThat(taken.isBound()).isTrue();
                assertThat(failed.process().awaitExit(Instance.START_MAX)).isEqualTo(1);
            }
            password = password(failed);
        }
        try (var again = Instance.start(directory)) {
            assertThat(again.process().output()).noneMatch(line -> line.startsWith("administrator "));
            assertThat(new Http(again.address()).token(ADMIN, password)).isNotEmpty();
            assertThat(again.process().stop(Instance.STOP_MAX)).isZero();
        }
        try (var reset = Instance.start(directory, "--reset-admin")) {
            var http = new Http(reset.address());
            assertThat(http.token(ADMIN, password(reset))).isNotEmpty();
            assertThat(http.json("POST", "/v1/auth/login", "", """
                    {"email": "%s", "password": "%s"}""".formatted(ADMIN, password))
                            .reason())
                    .isEqualTo("BAD_CREDENTIALS");
        }
    }

    private static String password(Instance instance) {
        var line = instance.process().output().stream()
                .filter(told -> told.startsWith("administrator " + ADMIN + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(instance.process().output()));
        return line.replaceFirst(".* password ([^ ]+) .*", "$1");
    }

    @Test
    void stopsCleanlyWhileItIsStarting() {
        try (var instance = Instance.launch(directory, Instance.freePort())) {
            awaitPostgres(instance);
            assertThat(instance.process().stop(Instance.STOP_MAX)).isZero();
            assertThat(instance.postgres()).isEmpty();
            assertThat(instance.process().output()).noneMatch(line -> line.startsWith("ready "));
        }
    }

    private static void awaitPostgres(Instance instance) {
        var deadline = System.nanoTime() + Instance.START_MAX.toNanos();
        while (instance.postgres().isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesATakenPortInOneLine() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                var instance = Instance.launch(directory.resolve("data"), socket.getLocalPort())) {
            assertThat(instance.process().awaitExit(REFUSAL_MAX)).isEqualTo(1);
            assertThat(instance.process().output())
                    .singleElement()
                    .asString()
                    .contains("port " + socket.getLocalPort() + " of 127.0.0.1 is taken");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void refusesADataDirectoryInUseInOneLine() {
        try (var holder = DataDirectory.open(directory);
                var instance = Instance.launch(directory, Instance.freePort())) {
            assertThat(holder.root()).isEqualTo(directory);
            assertThat(instance.process().awaitExit(REFUSAL_MAX)).isEqualTo(1);
            assertThat(instance.process().output())
                    .containsExactly("bank: data directory " + directory + " is in use by another process");
        }
    }

    @Test
    void refusesAnUnknownOptionInOneLine() {
        try (var process = ServiceProcess.ofMain(Main.class, "--prot", "1").start()) {
            assertThat(process.awaitExit(REFUSAL_MAX)).isEqualTo(2);
            assertThat(process.output()).containsExactly("bank: unknown option --prot (see --help)");
        }
    }

    @Test
    void printsHelp() {
        try (var process = ServiceProcess.ofMain(Main.class, "--help").start()) {
            assertThat(process.awaitExit(REFUSAL_MAX)).isZero();
            assertThat(String.join("\n", process.output())).isEqualTo(CommandLine.HELP);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "empty", "another"})
    void refusesAHomeThatIsNoJdk25InOneLine(String kind) throws IOException {
        var home = directory.resolve("jdk");
        switch (kind) {
            case "absent" -> {}
            case "empty" -> Files.createDirectory(home);
            default -> {
                Files.createDirectories(home.resolve("bin"));
                for (var program : List.of("java", "javac")) {
                    assertThat(Files.createFile(home.resolve("bin").resolve(program))
                                    .toFile()
                                    .setExecutable(true))
                            .isTrue();
                }
                Files.writeString(home.resolve("release"), "JAVA_VERSION=\"24.0.25\"\n");
            }
        }
        refusesToStart(
                "bank: BANK_JAVA_HOME=" + home + " is not a JDK 25", Map.of("BANK_JAVA_HOME", home.toString()), BANK);
    }

    /// Hides the usual places from the real script, in a mount namespace of its own.
    @Test
    void refusesToStartWhereThereIsNoJdk25InOneLine() {
        try (var allowed = ServiceProcess.ofCommand("sh", "-c", "unshare --map-root-user --mount true")
                .start()) {
            assumeThat(allowed.awaitExit(REFUSAL_MAX))
                    .as("this system lets a process hide directories from itself")
                    .isZero();
        }
        refusesToStart(
                "bank: no JDK 25 found: install one, or name its directory in BANK_JAVA_HOME",
                Map.of("PATH", "/usr/bin:/bin", "HOME", directory.toString(), "JAVA_HOME", ""),
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "for d in /usr/lib/jvm /opt; do if [ -d $d ]; then mount -t tmpfs none $d; fi; done; exec \"$0\" \"$@\"",
                BANK);
    }

    private void refusesToStart(String line, Map<String, String> environment, String... command) {
        var output = directory.resolve("stdout");
        var words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" up 2>&1 >'" + output + "'", "sh"));
        words.addAll(List.of(command));
        try (var process = ServiceProcess.ofCommand(words.toArray(String[]::new))
                .environment(environment)
                .start()) {
            assertThat(process.awaitExit(REFUSAL_MAX)).isEqualTo(1);
            assertThat(process.output()).as("standard error").containsExactly(line);
        }
        assertThat(output).as("standard output").isEmptyFile();
    }
}
