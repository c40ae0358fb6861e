package bank.identity;

import bank.identity.IdentityConfig.IssuerConfig;
import bank.identity.model.Role;
import bank.identity.model.UserIssuer;
import bank.platform.auth.Issuer;
import bank.platform.auth.RemoteKeys;
import bank.platform.config.Ranges;
import com.nimbusds.jose.JWSAlgorithm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The further issuers of the settings, in the types the service works with.
final class UserIssuerSettings {
    private static final Map<String, Role> ROLES =
            Map.of("client", Role.CLIENT, "employee", Role.EMPLOYEE, "admin", Role.ADMIN);

    private UserIssuerSettings() {}

    /// Reads them.
    ///
    /// @param ranges told of what is wrong
    /// @param own this service's own issuer, whose URL no other may have
    static List<UserIssuer> of(Ranges ranges, String own, Map<String, IssuerConfig> settings) {
        var urls = new HashSet<>(Set.of(own));
        var issuers = new ArrayList<UserIssuer>();
        new TreeMap<>(settings).forEach((name, config) -> {
            ranges.require("issuers." + name + ".url", urls.add(config.url()), "must be no other issuer's");
            issuers.add(issuer(ranges, "issuers." + name, config));
        });
        return List.copyOf(issuers);
    }

    private static UserIssuer issuer(Ranges ranges, String setting, IssuerConfig config) {
        ranges.require(
                        setting + ".keys",
                        RemoteKeys.isSafe(config.keys().orElse(config.url())),
                        "must be an https URL, or http on this machine")
                .require(
                        setting + ".algorithms",
                        config.algorithms().stream().map(JWSAlgorithm::parse).allMatch(Issuer.SIGNING::contains),
                        "must be some of PS256, PS384, PS512, RS256, RS384, RS512, ES256, ES384, ES512");
        var roles = new HashMap<String, Role>();
        for (var mapping : config.roleMapping()) {
            var at = mapping.lastIndexOf('=');
            var role = ROLES.get(mapping.substring(at + 1).strip());
            ranges.require(
                    setting + ".role-mapping",
                    at > 0 && role != null,
                    "must be of the form theirs=client, theirs=employee or theirs=admin, has " + mapping);
            if (at > 0 && role != null) {
                roles.put(mapping.substring(0, at).strip(), role);
            }
        }
        return new UserIssuer(
                config.url(),
                config.audience(),
                config.keys().orElse(""),
                config.algorithms(),
                config.types(),
                Arrays.asList(config.rolesClaim().split("\\.")),
                roles,
                config.provision());
    }
}
