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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Formats the Java sources of the repository, or checks that they are formatted.
///
/// Runs on the JDK the code is compiled with, for a formatter knows only the syntax of the JDK it runs
/// on. Arguments: `check` or `apply`, then the root of the repository.
public final class Format {
    private static final String MASK = "// \u001f";
    private static final Pattern COMMENT = Pattern.compile("(?m)(?<=^ {0,200})(///.*)$");
    private static final Pattern MASKED = Pattern.compile(MASK + "(\\d+)");

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

    /// Documentation comments, which the formatter would break anywhere, give way to short ones.
    private static String masked(String source, List<String> comments) {
        return COMMENT.matcher(source).replaceAll(match -> {
            comments.add(match.group(1).stripTrailing());
            return Matcher.quoteReplacement(MASK + comments.size());
        });
    }

    private static String restored(String source, List<String> comments) {
        return MASKED.matcher(source)
                .replaceAll(match -> Matcher.quoteReplacement(comments.get(Integer.parseInt(match.group(1)) - 1)));
    }

    private static String format(Formatter formatter, Path file, String source) {
        try {
            var comments = new ArrayList<String>();
            var ordered = RemoveUnusedImports.removeUnusedImports(
                    ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.PALANTIR));
            return restored(formatter.formatSource(masked(ordered, comments)), comments);
        } catch (FormatterException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
