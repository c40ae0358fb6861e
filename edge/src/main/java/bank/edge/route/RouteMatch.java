package bank.edge.route;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the routes know of a request's method and path.
public sealed interface RouteMatch {
    /// A rule matches.
    ///
    /// @param variables decoded path variables by field path
    /// @param alternatives the same by the rules that give other forms of the answer
    record Found(HttpRule rule, Map<String, String> variables, List<Found> alternatives) implements RouteMatch {}

    /// The path is known, under these methods only.
    record WrongMethod(Set<String> allowed) implements RouteMatch {}

    /// The path is unknown.
    record Unknown() implements RouteMatch {}
}
