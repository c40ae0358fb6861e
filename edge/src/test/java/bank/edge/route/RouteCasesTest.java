package bank.edge.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The cases of `route/cases.tsv`: which route takes a path, and what its variables are.
class RouteCasesTest {
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9A-F]{4})");
    private static final Rpc RPC = ServiceSet.own(Map.of()).rpcs().getFirst();

    /// Routes by their names, and the requests made to them.
    private record Group(String title, Map<HttpRule, String> names, List<Case> cases) {}

    private record Case(int line, List<String> columns) {
        String method() {
            return columns.get(0);
        }

        String path() {
            return columns.get(1);
        }

        String outcome() {
            return columns.get(2);
        }
    }

    private static List<Group> groups() throws IOException {
        var groups = new ArrayList<Group>();
        try (var in = RouteCasesTest.class.getResourceAsStream("/route/cases.tsv")) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                if (lines[i].startsWith("[")) {
                    groups.add(new Group(lines[i], new LinkedHashMap<>(), new ArrayList<>()));
                } else if (!lines[i].isEmpty() && !lines[i].startsWith("#")) {
                    var columns = List.of(unescaped(lines[i]).split("\t", -1));
                    if (columns.get(0).equals("route")) {
                        groups.getLast()
                                .names()
                                .put(
                                        new HttpRule(columns.get(2), PathTemplate.parse(columns.get(3)), RPC, "", ""),
                                        columns.get(1));
                    } else {
                        groups.getLast().cases().add(new Case(i + 1, columns));
                    }
                }
            }
        }
        return groups;
    }

    private static String unescaped(String line) {
        return ESCAPE.matcher(line)
                .replaceAll(escape -> Character.toString(Integer.parseInt(escape.group(1), 16))
                        .replace("\\", "\\\\"));
    }

    @Test
    void areMany() throws IOException {
        assertThat(groups().stream().mapToInt(group -> group.cases().size()).sum())
                .isGreaterThan(250);
    }

    @TestFactory
    Stream<DynamicTest> hold() throws IOException {
        return groups().stream().flatMap(group -> {
            var routes = new Routes(group.names().keySet());
            return group.cases().stream()
                    .map(each -> DynamicTest.dynamicTest(
                            each.line() + ": " + group.title() + " " + each.method() + " " + each.path(),
                            () -> check(routes, group.names(), each)));
        });
    }

    private static void check(Routes routes, Map<HttpRule, String> names, Case each) {
        switch (each.outcome()) {
            case "=>" -> {
                var found = (RouteMatch.Found) routes.find(each.method(), each.path());
                assertThat(names.get(found.rule())).isEqualTo(each.columns().get(3));
                assertThat(found.variables())
                        .isEqualTo(each.columns().stream()
                                .skip(4)
                                .map(variable -> variable.split("=", 2))
                                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1])));
            }
            case "404" -> assertThat(routes.find(each.method(), each.path())).isEqualTo(new RouteMatch.Unknown());
            case "405" ->
                assertThat(routes.find(each.method(), each.path()))
                        .isEqualTo(new RouteMatch.WrongMethod(
                                Set.copyOf(Arrays.asList(each.columns().get(3).split(",")))));
            case "400" ->
                assertThatThrownBy(() -> routes.find(each.method(), each.path()))
                        .isInstanceOf(PathEncodingException.class);
            default -> throw new IllegalArgumentException(each.toString());
        }
    }
}
