package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.edge.problem.Problems;
import bank.platform.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The tables of errors in docs/api.md hold every reason the code can give, with its status and code, and no other.
class ErrorTableTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> MODULES = List.of(
            "platform",
            "identity-service",
            "document-service",
            "contract-service",
            "registry-service",
            "edge",
            "embedded",
            "standalone");
    private static final Pattern ROW = Pattern.compile(
            "^\\| `([A-Z0-9_]+)` \\| ([0-9]{3}) \\| ([A-Z_]+) \\| [^|]{3,} \\| [^|]{3,} \\|$", Pattern.MULTILINE);

    @Test
    void tellsEveryReasonTheCodeGivesAndNoOther() throws IOException {
        var told = ROW.matcher(Files.readString(ROOT.resolve("docs/api.md")))
                .results()
                .map(row -> String.join(" ", row.group(1), row.group(2), row.group(3)))
                .toList();
        var given = FailureReasons.in(sources()).stream()
                .map(reason -> String.join(
                        " ",
                        reason.reason(),
                        Integer.toString(status(reason)),
                        reason.code().name()))
                .toList();

        assertThat(told).containsExactlyInAnyOrderElementsOf(given);
    }

    private static int status(FailureReasons.Reason reason) {
        return Problems.answer(Failure.of(reason.code(), reason.reason(), ""), "/", "")
                .status()
                .code();
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        for (var module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
