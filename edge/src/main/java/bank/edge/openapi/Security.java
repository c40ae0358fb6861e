package bank.edge.openapi;

import bank.edge.route.Admission;
import bank.edge.route.Rpc;
import bank.platform.auth.AccessRule;
import bank.v1.Access;
import bank.v1.Options;
import bank.v1.Role;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who may call an operation, in words and as security requirements, of which one must be met.
final class Security {
    private static final String APPLICATIONS =
            "applications that are not the bank's own, for a client, with the scope ";

    private Security() {}

    /// Who may call an rpc: as its option says, or else the settings of its service. Neither roles nor scopes mean
    /// anybody with a good token.
    static Access access(Rpc rpc) {
        if (rpc.method().getOptions().hasExtension(Options.access)) {
            return rpc.method().getOptions().getExtension(Options.access);
        }
        return switch (rpc.admission()) {
            case Admission.Anybody() -> Access.newBuilder().setAnonymous(true).build();
            case Admission.Scoped(var scope) ->
                Access.newBuilder().addScopes(scope).build();
            case Admission.SignedIn _, Admission.Declared _ -> Access.getDefaultInstance();
        };
    }

    /// Fills in the requirements. One that asks for nothing stands for an operation that anybody may call.
    static void requirements(Access access, ArrayNode security) {
        if (access.getAnonymous()) {
            security.addObject();
            return;
        }
        security.addObject().putArray("bearer");
        security.addObject().putArray("dpop");
        if (access.getRolesCount() > 0 || access.getScopesCount() == 0) {
            security.addObject().putArray("user");
        }
        access.getScopesList()
                .forEach(scope -> security.addObject().putArray("machine").add(scope));
    }

    /// A sentence that says it.
    static String sentence(Access access) {
        if (access.getAnonymous()) {
            return "Anybody may call, without a token.";
        }
        String roles = named(
                "users with the role ",
                access.getRolesList().stream().map(Security::name).toList());
        String applications = access.getRolesList().contains(Role.ROLE_CLIENT)
                ? named(APPLICATIONS, AccessRule.userScopes(access))
                : "";
        String scopes = named("machine clients with the scope ", access.getScopesList());
        String all = Stream.of(roles, applications, scopes)
                .filter(who -> !who.isEmpty())
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? "May be called with any access token." : "May be called by " + all + ".";
    }

    private static String name(Role role) {
        return role.name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
    }

    private static String named(String lead, List<String> names) {
        return names.isEmpty() ? "" : names.stream().collect(Collectors.joining("` or `", lead + "`", "`"));
    }
}
