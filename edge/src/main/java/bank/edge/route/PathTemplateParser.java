package bank.edge.route;

import bank.edge.route.PathTemplate.Segment;
import bank.edge.route.PathTemplate.Variable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads the grammar of path templates:
///
/// ```
/// Template  = "/" Segments [ ":" Verb ]
/// Segments  = Segment { "/" Segment }
/// Segment   = "*" | "**" | Literal | Variable
/// Variable  = "{" FieldPath [ "=" Segments ] "}"
/// FieldPath = IDENT { "." IDENT }
/// ```
///
/// Literals may be percent-encoded or not.
final class PathTemplateParser {
    private static final Pattern FIELD_PATH = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

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
            segments.add(new Segment.Literal(literal()));
        }
    }

    private void variable() {
        expect('{');
        int start = at;
        while (at < text.length() && "=}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String field = text.substring(start, at);
        if (!FIELD_PATH.matcher(field).matches()) {
            throw broken("a variable without the path of a field");
        }
        if (!fields.add(field)) {
            throw broken("variable " + field + " twice");
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
        while (at < text.length() && "/:{}*=?#".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (start == at) {
            throw broken("an empty segment");
        }
        try {
            byte[] utf8 = text.substring(start, at).getBytes(StandardCharsets.UTF_8);
            return PercentDecoder.decode(new String(utf8, StandardCharsets.ISO_8859_1));
        } catch (PathEncodingException _) {
            throw broken("a literal that is not percent-encoded UTF-8");
        }
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
