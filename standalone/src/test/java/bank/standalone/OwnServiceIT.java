package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The walk of docs/own-service.md: its commands run as they stand, and what they print is what the page says.
class OwnServiceIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration COMMAND_MAX = Duration.ofMinutes(2);
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern RATE = Pattern.compile("^\\| a rate \\| `(.*?)` \\| `(.*?)` \\|$", Pattern.MULTILINE);
    private static final Pattern WRONG =
            Pattern.compile("^\\| `(BANK_[A-Z_]+)=(.*?)` \\| `(.*?)` \\|$", Pattern.MULTILINE);
    private static final String END_OF_BLOCK = "--- end of block";

    @TempDir
    static Path own;

    @TempDir
    static Path data;

    private static String page;
    private static Map<String, String> settings;

    /// A block of the page.
    private record Block(String language, String text) {
        boolean isShell() {
            return language.equals("sh");
        }
    }

    @BeforeAll
    static void describe() throws IOException {
        page = Files.readString(ROOT.resolve("docs/own-service.md"))
                .replace("50051", Integer.toString(Instance.freePort()));
        run(shell("## 1."), Map.of());
        settings = run(shell("## 3.") + "env\n", Map.of()).stream()
                .filter(line -> line.startsWith("BANK_"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1]));
    }

    private static List<Block> blocks(String heading) {
        var section = page.substring(page.indexOf("\n" + heading) + 1);
        var end = section.indexOf("\n## ");
        return BLOCK.matcher(end < 0 ? section : section.substring(0, end))
                .results()
                .map(block -> new Block(block.group(1), block.group(2)))
                .toList();
    }

    private static String shell(String heading) {
        return blocks(heading).stream().filter(Block::isShell).map(Block::text).collect(Collectors.joining());
    }

    private static List<String> run(String script, Map<String, String> environment) {
        try (var shell = launch(script, environment)) {
            var status = shell.awaitExit(COMMAND_MAX);
            assertThat(status).as(() -> String.join("\n", shell.output())).isZero();
            return shell.output();
        }
    }

    private static ServiceProcess launch(String script, Map<String, String> environment) {
        return ServiceProcess.ofCommand("bash", "-euo", "pipefail", "-c", script)
                .environment("OWN", own.toString())
                .environment("PATH", ROOT.resolve("proto/target/buf") + ":" + System.getenv("PATH"))
                .environment(environment)
                .directory(ROOT)
                .start();
    }

    @Test
    void everyCommandPrintsWhatThePageSays() {
        try (var service = launch(shell("## 2."), Map.of())) {
            try {
                service.awaitLine(line -> line.startsWith("rates on "), COMMAND_MAX);
                try (var bank = Instance.start(data, settings, "--demo")) {
                    assertThat(printed(bank)).isEqualTo(promised());
                    bank.process().stop(Instance.STOP_MAX);
                }
                speaksTheHouseForm();
            } finally {
                // The shell's own child would outlive it.
                ProcessHandle.of(service.pid()).stream()
                        .flatMap(ProcessHandle::descendants)
                        .forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    /// What each block of calls prints.
    private static List<String> printed(Instance bank) {
        var script = blocks("## 4.").stream()
                .filter(Block::isShell)
                .map(block -> block.text() + "echo '" + END_OF_BLOCK + "'\n")
                .collect(Collectors.joining());
        var output = run(script, Map.of("BASE", bank.address().toString()));
        return Stream.of(String.join("\n", output).split(END_OF_BLOCK, -1))
                .map(OwnServiceIT::plain)
                .filter(block -> !block.isEmpty())
                .toList();
    }

    /// What the page says they print, each in the block that follows.
    private static List<String> promised() {
        var blocks = blocks("## 4.");
        var promised = new ArrayList<String>();
        for (var i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).isShell()) {
                assertThat(blocks.get(i + 1).language()).isIn("json", "text");
                promised.add(plain(blocks.get(i + 1).text()));
            }
        }
        return promised;
    }

    /// JSON may be printed with space between its parts.
    private static String plain(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static void speaksTheHouseForm() {
        var rate = RATE.matcher(page).results().findFirst().orElseThrow();
        var house = new TreeMap<>(settings);
        house.put("BANK_EDGE_SERVICES_RATES_MODE", "house");
        var first = shell("## 4.")
                .lines()
                .filter(line -> line.contains("rate-of-the-day"))
                .findFirst()
                .orElseThrow();
        assertThat(blocks("## 4.").get(1).text()).isEqualToIgnoringNewLines(rate.group(1));
        try (var bank = Instance.start(data, house, "--demo")) {
            assertThat(run(first, Map.of("BASE", bank.address().toString()))).containsExactly(rate.group(2));
            bank.process().stop(Instance.STOP_MAX);
        }
    }

    static Stream<Arguments> wrong() {
        return WRONG.matcher(page)
                .results()
                .map(row -> Arguments.of(row.group(1), row.group(2).replace("$OWN", own.toString()), row.group(3)));
    }

    @ParameterizedTest(name = "{0}={1}")
    @MethodSource("wrong")
    void tellsAWrongSettingAsThePageSays(String name, String value, String told) {
        try (var edge = ServiceProcess.ofMain(bank.edge.Main.class)
                .environment("BANK_EDGE_PORT", "0")
                .environment("BANK_EDGE_TOKENS_ISSUER", "http://127.0.0.1:8080")
                .environment("BANK_EDGE_UPSTREAMS_IDENTITY", "127.0.0.1:1")
                .environment("BANK_EDGE_UPSTREAMS_DOCUMENT", "127.0.0.1:1")
                .environment("BANK_EDGE_UPSTREAMS_CONTRACT", "127.0.0.1:1")
                .environment("BANK_EDGE_UPSTREAMS_REGISTRY", "127.0.0.1:1")
                .environment(settings.entrySet().stream()
                        .filter(setting -> setting.getKey().startsWith("BANK_EDGE_"))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                .environment(name, value)
                .start()) {
            assertThat(edge.awaitExit(COMMAND_MAX)).isNotZero();
            assertThat(String.join("\n", edge.output())).contains(told);
        }
    }
}
