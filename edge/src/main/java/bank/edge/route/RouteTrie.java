package bank.edge.route;

import bank.edge.route.PathTemplate.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules of one HTTP method as a tree of path segments. The leftmost literal wins over `*`, and `*` over
/// `**`; a branch that leads nowhere is left again for the next one. What follows the last colon is tried as a verb
/// before it is taken for text.
final class RouteTrie {
    private final Node root = new Node();

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node one;
        private final Map<String, HttpRule> restByVerb = new HashMap<>();
        private final Map<String, HttpRule> endByVerb = new HashMap<>();
    }

    /// A rule and the segments it matched: the path's, without the verb.
    record Hit(HttpRule rule, List<String> segments) {}

    /// @throws IllegalArgumentException when another rule has the same shape
    void add(HttpRule rule) {
        Node node = root;
        Map<String, HttpRule> ends = null;
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
        HttpRule other = (ends == null ? node.endByVerb : ends)
                .putIfAbsent(rule.template().verb(), rule);
        if (other != null) {
            throw new IllegalArgumentException("two routes match the same paths: " + other + " and " + rule);
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
            HttpRule rule = find(root, withoutVerb, 0, PercentDecoder.decode(last.substring(colon + 1)));
            if (rule != null) {
                return new Hit(rule, withoutVerb);
            }
        }
        HttpRule rule = find(root, path, 0, "");
        return rule == null ? null : new Hit(rule, path);
    }

    private static @Nullable HttpRule find(Node node, List<String> path, int at, String verb) {
        if (at == path.size()) {
            HttpRule end = node.endByVerb.get(verb);
            return end != null ? end : node.restByVerb.get(verb);
        }
        Node literal = node.literals.get(PercentDecoder.decode(path.get(at)));
        if (literal != null) {
            HttpRule rule = find(literal, path, at + 1, verb);
            if (rule != null) {
                return rule;
            }
        }
        if (node.one != null && !path.get(at).isEmpty()) {
            HttpRule rule = find(node.one, path, at + 1, verb);
            if (rule != null) {
                return rule;
            }
        }
        return node.restByVerb.get(verb);
    }
}
