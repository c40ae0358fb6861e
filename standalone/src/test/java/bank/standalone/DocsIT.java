package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The examples of docs/api.md run as they stand, in one shell, each command succeeding.
class DocsIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static final Pattern SHELL = Pattern.compile("^```sh\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void everyExampleRuns(@TempDir Path directory) throws Exception {
        var page = Files.readString(Path.of("..", "docs", "api.md"));
        var script = SHELL.matcher(page).results().map(block -> block.group(1)).collect(Collectors.joining("\n"));
        assertThat(script).contains("/v1/sm/contracts");
        var file = Files.writeString(directory.resolve("api.sh"), "set -eu\nset -x\n" + script);
        var output = directory.resolve("output.txt");
        var builder = new ProcessBuilder("bash", "-o", "pipefail", file.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("BASE", bank.uri().toString());
        var process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }
}
