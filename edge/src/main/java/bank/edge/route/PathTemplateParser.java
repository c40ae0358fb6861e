package bank.edge.route;

import bank.edge.route.PathTemplate.Segment;
import bank.edge.route.PathTemplate.Variable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads the grammar of path templates:
///
/// ```
/// Template  = "/" Segments [ ":" Verb ]
/// Segments  = Segment { "/" Segment }
/// Segment   = "*" | "**" | Literal | Variable
/// Variable  = "{" FieldPath [ "=" Segments ] "}"
/// ```
final class PathTemplateParser {
    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private final Set<String> fields = new HashSet<>();
    private int at;

    PathTemplateParser(String text) {
        this.text = text;
    }

    PathTemplate parse() {
        expect('/');
        segments(false);
        String verb = "";
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
            verb = literal();
        }
        if (at < text.length()) {
            throw broken("unexpected '" + text.charAt(at) + "'");
        }
        for (int i = 0; i < segments.size() - 1; i++) {
            if (segments.get(i) instanceof Segment.Rest) {
                throw broken("** before the last segment");
            }
        }
        return new PathTemplate(text, List.copyOf(segments), List.copyOf(variables), verb);
    }

    private void segments(boolean inVariable) {
        segment(inVariable);
        while (at < text.length() && text.charAt(at) == '/') {
            at++;
            segment(inVariable);
        }
    }

    private void segment(boolean inVariable) {
        if (text.startsWith("**", at)) {
            at += 2;
            segments.add(new Segment.Rest());
        } else if (text.startsWith("*", at)) {
            at++;
            segments.add(new Segment.One());
        } else if (text.startsWith("{", at)) {
            if (inVariable) {
                throw broken("a variable inside a variable");
            }
            variable();
        } else {
            segments.add(new Segment.Literal(PercentDecoder.decode(literal())));
        }
    }

    private void variable() {
        expect('{');
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String field = text.substring(start, at);
        if (field.isEmpty() || !fields.add(field)) {
            throw broken(field.isEmpty() ? "a variable without a field" : "variable " + field + " twice");
        }
        int from = segments.size();
        if (at < text.length() && text.charAt(at) == '=') {
            at++;
            segments(true);
        } else {
            segments.add(new Segment.One());
        }
        expect('}');
        variables.add(new Variable(field, from, segments.size()));
    }

    private String literal() {
        int start = at;
        while (at < text.length() && "/:{}*=".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (start == at) {
            throw broken("an empty segment");
        }
        return text.substring(start, at);
    }

    private void expect(char expected) {
        if (at >= text.length() || text.charAt(at) != expected) {
            throw broken("'" + expected + "' expected");
        }
        at++;
    }

    private IllegalArgumentException broken(String what) {
        return new IllegalArgumentException("path template " + text + ": " + what + " at position " + at);
    }
}
