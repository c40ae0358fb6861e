package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ServiceProcess;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// OAuth clients that others have written go through everything the bank offers them, and check the answers
/// as they always do, each in the version that the lock file names. Skipped, loudly, where there is no node
/// with npm, or nowhere to have the clients from.
class OAuthClientsIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static final Path SCRIPTS = Path.of("src", "test", "oauth");
    private static final Path TARGET = Path.of("target", "oauth").toAbsolutePath();
    private static final int NODE_MIN = 20;
    private static final Duration INSTALL_MAX = Duration.ofMinutes(3);
    private static final Duration SCRIPT_MAX = Duration.ofMinutes(3);
    private static final Pattern APPLICATION =
            Pattern.compile("^```js\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @BeforeAll
    static void install() throws Exception {
        NeededTool.orSkip(node() >= NODE_MIN, "OAUTH CLIENTS", () -> "there is no node " + NODE_MIN + " with npm");
        Files.createDirectories(TARGET);
        try (var scripts = Files.list(SCRIPTS)) {
            for (var script : scripts.filter(Files::isRegularFile).toList()) {
                Files.copy(script, TARGET.resolve(script.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        try (var npm = launch(
                "npm",
                "ci",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--fetch-retries=1",
                "--fetch-timeout=60000",
                "--loglevel=error")) {
            NeededTool.orSkip(
                    npm.awaitExit(INSTALL_MAX) == 0,
                    "OAUTH CLIENTS",
                    () -> "they cannot be had: " + String.join(" ", npm.output()));
        }
    }

    /// Major version of node; 0 where there is none, or no npm beside it.
    private static int node() {
        try (var npm = launch(SCRIPTS, "npm", "--version");
                var node = launch(SCRIPTS, "node", "--version")) {
            var version = node.awaitExit(INSTALL_MAX) == 0 && npm.awaitExit(INSTALL_MAX) == 0
                    ? node.output().getFirst()
                    : "v0";
            return Integer.parseInt(version.replaceFirst("^v([0-9]+).*", "$1"));
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    private static ServiceProcess launch(String... command) {
        return launch(TARGET, command);
    }

    /// With all of this environment, for it may tell where npm finds packages.
    private static ServiceProcess launch(Path directory, String... command) {
        return ServiceProcess.ofCommand(command)
                .directory(directory)
                .environment(System.getenv())
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openid-client.mjs", "oauth4webapi.mjs"})
    void goThroughEverything(String script) {
        run(script, bank.uri().toString());
    }

    private static void run(String... arguments) {
        var command = Stream.concat(Stream.of("node"), Arrays.stream(arguments)).toArray(String[]::new);
        try (var script = launch(command)) {
            var exit = script.awaitExit(SCRIPT_MAX);
            var output = String.join("\n", script.output());
            assertThat(exit).as(output).isZero();
            System.out.println(output);
        }
    }

    @Test
    void signInTheUserOfTheApplicationInTheDocumentation() throws Exception {
        var page = Files.readString(Path.of("..", "docs", "api.md"));
        var code = APPLICATION.matcher(page);
        assertThat(code.find()).isTrue();
        Files.writeString(TARGET.resolve("documented.mjs"), code.group(1));
        var port = Integer.toString(Instance.freePort());
        var address = "http://127.0.0.1:" + port;
        try (var application = ServiceProcess.ofCommand("node", "documented.mjs")
                .directory(TARGET)
                .environment("BASE", bank.uri().toString())
                .environment("PORT", port)
                .start()) {
            application.awaitLine(line -> line.contains(address), SCRIPT_MAX);
            run("application.mjs", bank.uri().toString(), address);
        }
    }
}
