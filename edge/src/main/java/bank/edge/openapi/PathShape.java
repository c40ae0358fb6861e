package bank.edge.openapi;

import bank.edge.route.PathTemplate;
import bank.edge.route.PathTemplate.Segment;
import bank.edge.route.PathTemplate.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A path template in the terms of OpenAPI, where each placeholder stands for one segment.
///
/// @param template the template
/// @param placeholders its wildcards in their order
record PathShape(PathTemplate template, List<Placeholder> placeholders) {
    /// A wildcard of a path.
    ///
    /// @param name name in braces
    /// @param variable what it is bound to; empty when nothing is
    /// @param whole the variable is this segment alone
    /// @param rest stands for the rest of the path
    record Placeholder(String name, String variable, boolean whole, boolean rest) {}

    static PathShape of(PathTemplate template) {
        var placeholders = new ArrayList<Placeholder>();
        var counts = new HashMap<String, Integer>();
        for (int i = 0; i < template.segments().size(); i++) {
            Segment segment = template.segments().get(i);
            if (!(segment instanceof Segment.Literal)) {
                placeholders.add(placeholder(template, i, counts, segment instanceof Segment.Rest));
            }
        }
        return new PathShape(template, List.copyOf(placeholders));
    }

    private static Placeholder placeholder(PathTemplate template, int at, Map<String, Integer> counts, boolean rest) {
        for (Variable variable : template.variables()) {
            if (variable.from() <= at && at < variable.to()) {
                int count = counts.merge(variable.field(), 1, Integer::sum);
                String name = count == 1 ? variable.field() : variable.field() + "_" + count;
                return new Placeholder(name, variable.field(), variable.to() - variable.from() == 1, rest);
            }
        }
        return new Placeholder("segment_" + counts.merge("", 1, Integer::sum), "", false, rest);
    }

    /// The path with these names for its placeholders, e.g. `/v1/documents/{id}:check`.
    String path(List<String> names) {
        var path = new StringBuilder();
        int next = 0;
        for (Segment segment : template.segments()) {
            path.append('/');
            if (segment instanceof Segment.Literal(String value)) {
                path.append(value);
            } else {
                path.append('{').append(names.get(next++)).append('}');
            }
        }
        return template.verb().isEmpty() ? path.toString() : path + ":" + template.verb();
    }

    /// Names of the placeholders.
    List<String> names() {
        return placeholders.stream().map(Placeholder::name).toList();
    }
}
