package bank.platform.auth;

import bank.platform.failure.Failure;
import bank.v1.Access;
import bank.v1.Options;
import bank.v1.Role;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may call an rpc, read from the `(bank.v1.access)` option of its method. A method without the
/// option is denied to everybody.
public sealed interface AccessRule {
    /// Anybody may call.
    record Everybody() implements AccessRule {}

    /// Nobody may call: the method says nothing of access.
    record Nobody() implements AccessRule {}

    /// Users with one of the roles, machine clients with one of the scopes. A user in a client that is not the bank's
    /// own needs one of his scopes, and ROLE_CLIENT among the roles.
    record Granted(Set<Role> roles, Set<String> scopes, Set<String> userScopes) implements AccessRule {
        public Granted {
            roles = Set.copyOf(roles);
            scopes = Set.copyOf(scopes);
            userScopes = Set.copyOf(userScopes);
        }
    }

    /// Rule of a method.
    static AccessRule of(MethodDescriptor method) {
        var options = method.getOptions();
        if (!options.hasExtension(Options.access)) {
            return new Nobody();
        }
        Access access = options.getExtension(Options.access);
        if (access.getAnonymous()) {
            return new Everybody();
        }
        return new Granted(
                Set.copyOf(access.getRolesList()), Set.copyOf(access.getScopesList()), Set.copyOf(userScopes(access)));
    }

    /// Scopes one of which a user needs in a client that is not the bank's own.
    static List<String> userScopes(Access access) {
        return access.getUserScopesCount() > 0 ? access.getUserScopesList() : access.getScopesList();
    }

    /// Why a caller is refused, or null when he may call.
    default @Nullable Failure refusal(Principal principal) {
        return switch (this) {
            case Everybody() -> null;
            case Nobody() -> Failure.of(Status.Code.PERMISSION_DENIED, "ACCESS_UNDECLARED", "nobody may call this");
            case Granted(var roles, var scopes, var userScopes) ->
                switch (principal) {
                    case Principal.Anonymous() ->
                        Failure.of(
                                Status.Code.UNAUTHENTICATED,
                                "TOKEN_MISSING",
                                "sign in and send the access token as a bearer token");
                    case Principal.User user
                    when !roles.contains(user.acting()) ->
                        Failure.of(Status.Code.PERMISSION_DENIED, "ROLE_MISSING", "your role may not do this")
                                .with("role", user.acting().name());
                    case Principal.User user -> user.scopes() == null ? null : missing(userScopes, user.scopes());
                    case Principal.Machine _
                    when scopes.isEmpty() ->
                        Failure.of(
                                Status.Code.PERMISSION_DENIED,
                                "USER_MISSING",
                                "only users may do this, machine clients may not");
                    case Principal.Machine machine -> missing(scopes, machine.scopes());
                };
        };
    }

    private static @Nullable Failure missing(Set<String> wanted, Set<String> had) {
        if (had.stream().anyMatch(wanted::contains)) {
            return null;
        }
        return Failure.of(Status.Code.PERMISSION_DENIED, "SCOPE_MISSING", "the token lacks the scope this needs")
                .with("scopes", String.join(" ", wanted.stream().sorted().toList()));
    }
}
