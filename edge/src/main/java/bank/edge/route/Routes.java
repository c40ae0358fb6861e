package bank.edge.route;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All HTTP routes of the edge. HEAD is answered by the route of GET where it has none of its own; routes of the custom
/// kind `*` take what no route of the method itself takes.
public final class Routes {
    private static final String ANY = "*";

    private final Map<String, RouteTrie> tries = new TreeMap<>();

    /// @throws IllegalArgumentException when two rules match the same paths and are not forms of one answer, or are and
    ///     hide a field; the message names both
    public Routes(Collection<HttpRule> rules) {
        rules.forEach(rule ->
                tries.computeIfAbsent(rule.httpMethod(), _ -> new RouteTrie()).add(rule));
        tries.values().forEach(RouteTrie::check);
    }

    /// The route of a request.
    ///
    /// @param method HTTP method in upper case
    /// @param rawPath path as received, percent-encoded, without the query
    /// @throws PathEncodingException when the path is not percent-encoded UTF-8
    public RouteMatch find(String method, String rawPath) {
        if (!rawPath.startsWith("/")) {
            return new RouteMatch.Unknown();
        }
        List<String> path = List.of(rawPath.substring(1).split("/", -1));
        RouteTrie.Hit hit = hit(method, path);
        if (hit == null && method.equals("HEAD")) {
            hit = hit("GET", path);
        }
        if (hit == null) {
            hit = hit(ANY, path);
        }
        if (hit != null) {
            return hit.found();
        }
        Set<String> allowed = allowed(path);
        return allowed.isEmpty() ? new RouteMatch.Unknown() : new RouteMatch.WrongMethod(allowed);
    }

    private RouteTrie.@Nullable Hit hit(String method, List<String> path) {
        RouteTrie trie = tries.get(method);
        return trie == null ? null : trie.find(path);
    }

    private Set<String> allowed(List<String> path) {
        var allowed = new TreeSet<String>();
        tries.forEach((method, trie) -> {
            if (trie.find(path) != null) {
                allowed.add(method);
            }
        });
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        if (!allowed.isEmpty()) {
            allowed.add("OPTIONS");
        }
        return allowed;
    }
}
