import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import com.palantir.javaformat.java.ImportOrderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Formats the Java sources of the repository, or checks that they are formatted.
///
/// Runs on the JDK the code is compiled with, for a formatter knows only the syntax of the JDK it runs
/// on. Arguments: `check` or `apply`, then the root of the repository.
public final class Format {
    public static void main(String[] args) throws IOException {
        var apply = args[0].equals("apply");
        var root = Path.of(args[1]).toAbsolutePath().normalize();
        var formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        var wrong = new ArrayList<Path>();
        for (var file : sources(root)) {
            var source = Files.readString(file);
            var formatted = format(formatter, file, source);
            if (!formatted.equals(source)) {
                wrong.add(root.relativize(file));
                if (apply) {
                    Files.writeString(file, formatted);
                }
            }
        }
        wrong.forEach(file -> System.err.println((apply ? "formatted " : "not formatted: ") + file));
        if (!apply && !wrong.isEmpty()) {
            System.err.println("run: ./mvnw -q -pl codestyle validate -Dformat=apply");
            System.exit(1);
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        var sources = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(root)) {
            for (var module : modules.filter(Files::isDirectory).sorted().toList()) {
                if (!Files.isDirectory(module.resolve("src"))) {
                    continue;
                }
                try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                    files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static String format(Formatter formatter, Path file, String source) {
        try {
            return formatter.formatSource(RemoveUnusedImports.removeUnusedImports(
                    ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.PALANTIR)));
        } catch (FormatterException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
