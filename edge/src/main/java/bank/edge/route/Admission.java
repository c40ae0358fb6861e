package bank.edge.route;

import bank.platform.auth.AccessRule;
import bank.platform.auth.Principal;
import bank.platform.failure.Failure;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// Whom the edge lets through to an rpc.
public sealed interface Admission {
    /// Anybody, with or without a token.
    record Anybody() implements Admission {}

    /// Whoever bears a good token; the service decides the rest.
    record SignedIn() implements Admission {}

    /// Machine clients whose token holds the scope.
    record Scoped(String scope) implements Admission {}

    /// Those whom the rpc's own access option names, for services that do not look at it themselves.
    record Declared(AccessRule rule) implements Admission {}

    /// No token is needed.
    default boolean anonymous() {
        return this instanceof Anybody;
    }

    /// Why the bearer of a good token is refused; null when he is let through.
    default @Nullable Failure refusal(Principal principal) {
        return switch (this) {
            case Anybody() -> null;
            case SignedIn() -> null;
            case Scoped(var scope) ->
                principal instanceof Principal.Machine machine
                                && machine.scopes().contains(scope)
                        ? null
                        : Failure.of(
                                        Status.Code.PERMISSION_DENIED,
                                        "SCOPE_MISSING",
                                        "the token lacks the scope this needs")
                                .with("scopes", scope);
            case Declared(var rule) -> rule.refusal(principal);
        };
    }
}
