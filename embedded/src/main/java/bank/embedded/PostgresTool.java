package bank.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs one of PostgreSQL's command-line programs to its end, within a bounded time.
///
/// PostgreSQL refuses to run as root. A process of root runs it in a user namespace of its own (`unshare -U`), where
/// it is nobody and yet owns root's files.
final class PostgresTool {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final PostgresPrograms programs;
    private final Path output;

    /// @param programs the unpacked programs
    /// @param output the file that keeps what the last program said
    PostgresTool(PostgresPrograms programs, Path output) {
        this.programs = programs;
        this.output = output;
    }

    /// Runs `program` and returns its exit code.
    ///
    /// @throws EmbeddedServerException when it has not ended within `timeout`
    int run(Duration timeout, String program, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        if (ROOT) {
            command.add("unshare");
            command.add("--user");
        }
        command.add(programs.program(program).toString());
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new EmbeddedServerException(
                        "%s has not ended within %d s".formatted(program, timeout.toSeconds()));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("interrupted while " + program + " was running", e);
        }
    }

    /// Like [#run], for a program whose failure leaves nothing to do but to report it.
    void runOrThrow(Duration timeout, String program, List<String> arguments) throws IOException {
        var exitCode = run(timeout, program, arguments);
        if (exitCode != 0) {
            throw new EmbeddedServerException(
                    "%s ended with %d: %s".formatted(program, exitCode, explain(lastLines(output, 5))));
        }
    }

    /// The last `count` lines of `file`, joined into one.
    static String lastLines(Path file, int count) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        var lines = Files.readAllLines(file);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    private static String explain(String said) {
        return said.contains("unshare")
                ? said + " (PostgreSQL refuses to run as root and user namespaces are blocked here: use another user)"
                : said;
    }
}
