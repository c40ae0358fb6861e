package bank.edge.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A path template of `google/api/http.proto`, e.g. `/v1/{name=shelves/*}/books/{id}:read`.
///
/// @param text the template as written
/// @param segments its segments without variables: literals (percent-decoded), `*`, and `**` as the last one
/// @param variables its variables with the run of segments each one covers
/// @param verb the verb after the last colon, percent-decoded; empty when there is none
public record PathTemplate(String text, List<Segment> segments, List<Variable> variables, String verb) {

    /// One segment of a template.
    public sealed interface Segment {
        /// Matches the segment of this text.
        record Literal(String value) implements Segment {}

        /// `*`: matches one segment that is not empty.
        record One() implements Segment {}

        /// `**`: matches the rest of the path, also an empty one.
        record Rest() implements Segment {}
    }

    /// A field bound to the segments `from` (inclusive) to `to` (exclusive) of the template.
    ///
    /// @param field path of the field in the request message, e.g. `contract.id`
    public record Variable(String field, int from, int to) {}

    /// Parses a template.
    ///
    /// @throws IllegalArgumentException when it breaks the grammar of http.proto
    public static PathTemplate parse(String text) {
        return new PathTemplateParser(text).parse();
    }

    /// The template without its variables' names: two templates of one shape match the same paths.
    public String shape() {
        var shape = new StringBuilder();
        for (Segment segment : segments) {
            shape.append('/')
                    .append(
                            switch (segment) {
                                case Segment.Literal literal -> literal.value();
                                case Segment.One _ -> "*";
                                case Segment.Rest _ -> "**";
                            });
        }
        return verb.isEmpty() ? shape.toString() : shape + ":" + verb;
    }

    /// The values of the variables in a path that the template matched.
    ///
    /// @param path segments of the path, still percent-encoded, without the verb
    /// @return the decoded values by field path
    /// @throws PathEncodingException when a value is not percent-encoded UTF-8
    public Map<String, String> bind(List<String> path) {
        var values = new LinkedHashMap<String, String>();
        for (Variable variable : variables) {
            boolean rest = variable.to() == segments.size()
                    && !segments.isEmpty()
                    && segments.getLast() instanceof Segment.Rest;
            List<String> covered = path.subList(variable.from(), rest ? path.size() : variable.to());
            boolean many = rest || variable.to() - variable.from() > 1;
            var decoded = new ArrayList<String>(covered.size());
            for (String segment : covered) {
                decoded.add(many ? PercentDecoder.decodeKeepingSlash(segment) : PercentDecoder.decode(segment));
            }
            values.put(variable.field(), String.join("/", decoded));
        }
        return values;
    }
}
