package bank.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// docs/access.md: above a mark what people wrote, below it what a running bank did.
final class AccessPage {
    private static final Path FILE = Path.of("..", "docs", "access.md");
    private static final String MARK = "<!-- AccessMatrixIT writes what follows. -->\n";
    private static final String COMMAND = "./mvnw verify -pl standalone -am -Dit.test=AccessMatrixIT -Dtest=none"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false"
            + " -Dbank.access.write=true";

    private AccessPage() {}

    /// @param cells in the order of the columns
    record Row(String service, String rpc, List<String> cells) {}

    /// Compares the page with what was observed, or writes it when the system property `bank.access.write` is `true`.
    static void check(List<Row> rows) {
        try {
            var page = Files.readString(FILE);
            var end = page.indexOf(MARK);
            if (end < 0) {
                throw new AssertionError(FILE + " lacks the line " + MARK);
            }
            var observed = page.substring(0, end + MARK.length()) + tables(rows);
            if (Boolean.getBoolean("bank.access.write")) {
                Files.writeString(FILE, observed);
            } else if (!page.equals(observed)) {
                throw new AssertionError("""
                        docs/access.md says otherwise than the bank does:
                        %s
                        Should nobody have meant this change, it is a hole or a lockout: mend it. If the bank is right, write the
                        page by
                            %s
                        and commit it. It would be:

                        %s""".formatted(difference(page, observed), COMMAND, observed));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tables(List<Row> rows) {
        var services = rows.stream().map(Row::service).collect(Collectors.toCollection(LinkedHashSet::new));
        return services.stream().map(service -> table(service, rows)).collect(Collectors.joining());
    }

    private static String table(String service, List<Row> rows) {
        return rows.stream()
                .filter(row -> row.service().equals(service))
                .map(row -> "| `" + row.rpc() + "` | " + String.join(" | ", row.cells()) + " |\n")
                .collect(Collectors.joining("", """

                        ## %s

                        | rpc | nobody | client: his own | client: another's | organisation admin | employee | admin | machine client | other's application |
                        |---|---|---|---|---|---|---|---|---|
                        """.formatted(service), ""));
    }

    private static String difference(String page, String observed) {
        var said = page.lines().toList();
        var done = observed.lines().toList();
        return Stream.concat(
                        said.stream().filter(line -> !done.contains(line)).map(line -> "- " + line),
                        done.stream().filter(line -> !said.contains(line)).map(line -> "+ " + line))
                .collect(Collectors.joining("\n"));
    }
}
