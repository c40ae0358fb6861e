package bank.edge.route;

import bank.edge.route.PathTemplate.Segment;
import bank.v1.Alternative;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The rules of one HTTP method as a tree of path segments. The leftmost literal wins over `*`, and `*` over
/// `**`; a branch that leads nowhere is left again for the next one. What follows the last colon is tried as a verb
/// before it is taken for text.
final class RouteTrie {
    /// The parameter that chooses between forms of one answer.
    private static final String FORMAT = "format";

    private final Node root = new Node();

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node one;
        private final Map<String, Forms> restByVerb = new HashMap<>();
        private final Map<String, Forms> endByVerb = new HashMap<>();
    }

    /// The rules of one shape: the usual one, and those that give other forms of its answer.
    private static final class Forms {
        private final List<HttpRule> rules = new ArrayList<>(1);

        void add(HttpRule rule) {
            for (HttpRule other : rules) {
                if (isSame(other.rpc().alternative(), rule.rpc().alternative())) {
                    throw new IllegalArgumentException("two routes match the same paths: " + other + " and " + rule);
                }
            }
            rules.add(rule.rpc().alternative() == null ? 0 : rules.size(), rule);
        }

        private static boolean isSame(@Nullable Alternative one, @Nullable Alternative other) {
            if (one == null || other == null) {
                return Objects.equals(one, other);
            }
            return one.getFormat().equals(other.getFormat())
                    || one.getMediaType().equalsIgnoreCase(other.getMediaType());
        }

        void check() {
            if (rules.getFirst().rpc().alternative() != null) {
                throw new IllegalArgumentException("an alternative to nothing: " + rules.getFirst());
            }
            if (rules.size() > 1) {
                rules.stream().filter(rule -> rule.leavesToQuery(FORMAT)).forEach(this::refuse);
            }
        }

        private void refuse(HttpRule rule) {
            HttpRule other = rules.getFirst().equals(rule) ? rules.get(1) : rules.getFirst();
            throw new IllegalArgumentException(rule + ": its field " + FORMAT
                    + " is hidden by the parameter that chooses between it and " + other);
        }
    }

    /// What matched, and the segments it matched: the path's, without the verb.
    record Hit(List<HttpRule> rules, List<String> segments) {
        /// @throws PathEncodingException when a variable is not percent-encoded UTF-8
        RouteMatch.Found found() {
            List<RouteMatch.Found> others = rules.size() == 1
                    ? List.of()
                    : rules.stream().skip(1).map(rule -> found(rule, List.of())).toList();
            return found(rules.getFirst(), others);
        }

        private RouteMatch.Found found(HttpRule rule, List<RouteMatch.Found> others) {
            return new RouteMatch.Found(rule, rule.template().bind(segments), others);
        }
    }

    /// @throws IllegalArgumentException when another rule has the same shape
    void add(HttpRule rule) {
        Node node = root;
        Map<String, Forms> ends = null;
        for (Segment segment : rule.template().segments()) {
            switch (segment) {
                case Segment.Literal literal -> node = node.literals.computeIfAbsent(literal.value(), _ -> new Node());
                case Segment.One _ -> {
                    if (node.one == null) {
                        node.one = new Node();
                    }
                    node = node.one;
                }
                case Segment.Rest _ -> ends = node.restByVerb;
            }
        }
        (ends == null ? node.endByVerb : ends)
                .computeIfAbsent(rule.template().verb(), _ -> new Forms())
                .add(rule);
    }

    /// @throws IllegalArgumentException when a rule gives another form of an answer that no rule gives, or has a field
    ///     that the choice between forms hides
    void check() {
        check(root);
    }

    private static void check(Node node) {
        node.endByVerb.values().forEach(Forms::check);
        node.restByVerb.values().forEach(Forms::check);
        node.literals.values().forEach(RouteTrie::check);
        if (node.one != null) {
            check(node.one);
        }
    }

    /// @param path segments of the path, percent-encoded
    @Nullable
    Hit find(List<String> path) {
        String last = path.getLast();
        // A verb is only a literal colon, so it is looked for before decoding.
        int colon = last.lastIndexOf(':');
        if (colon >= 0 && colon < last.length() - 1) {
            List<String> withoutVerb = new ArrayList<>(path);
            withoutVerb.set(path.size() - 1, last.substring(0, colon));
            Forms forms = find(root, withoutVerb, 0, PercentDecoder.decode(last.substring(colon + 1)));
            if (forms != null) {
                return new Hit(forms.rules, withoutVerb);
            }
        }
        Forms forms = find(root, path, 0, "");
        return forms == null ? null : new Hit(forms.rules, path);
    }

    private static @Nullable Forms find(Node node, List<String> path, int at, String verb) {
        if (at == path.size()) {
            Forms end = node.endByVerb.get(verb);
            return end != null ? end : node.restByVerb.get(verb);
        }
        Node literal = node.literals.get(PercentDecoder.decode(path.get(at)));
        if (literal != null) {
            Forms forms = find(literal, path, at + 1, verb);
            if (forms != null) {
                return forms;
            }
        }
        if (node.one != null && !path.get(at).isEmpty()) {
            Forms forms = find(node.one, path, at + 1, verb);
            if (forms != null) {
                return forms;
            }
        }
        return node.restByVerb.get(verb);
    }
}
