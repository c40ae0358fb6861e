package bank.edge.auth;

import bank.platform.auth.Issuer;
import bank.platform.auth.RemoteKeys;
import bank.platform.config.InvalidSettingsException;
import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The issuers of the settings `bank.edge.issuers.…`.
public final class FurtherIssuers {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

    private final List<String> problems = new ArrayList<>();
    private final Set<String> urls = new TreeSet<>();

    private FurtherIssuers() {}

    /// Reads the settings of those whose tokens make machine callers.
    ///
    /// @param own issuer that identity-service is, whose URL no other may have
    /// @throws InvalidSettingsException listing everything that is wrong
    public static List<Issuer> of(String own, Map<String, IssuerConfig> settings) {
        check(own, settings);
        return settings.entrySet().stream()
                .filter(entry -> !entry.getValue().users())
                .map(entry -> issuer(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// Reads the settings of those whose users are users here.
    ///
    /// @throws InvalidSettingsException as above
    public static List<Issuer> ofUsers(String own, Map<String, IssuerConfig> settings) {
        check(own, settings);
        return settings.values().stream()
                .filter(IssuerConfig::users)
                .map(config -> Issuer.ofUsers(
                        config.url(),
                        config.audience(),
                        algorithms(config),
                        Set.copyOf(config.types()),
                        RemoteKeys.of(URI.create(config.keys()))))
                .toList();
    }

    private static void check(String own, Map<String, IssuerConfig> settings) {
        var reading = new FurtherIssuers();
        reading.urls.add(own);
        new TreeMap<>(settings).forEach(reading::check);
        if (!reading.problems.isEmpty()) {
            throw new InvalidSettingsException(reading.problems);
        }
    }

    private void check(String name, IssuerConfig config) {
        require(name, "", NAME.matcher(name).matches(), "names are of 1 to 32 of a to z, 0 to 9 and -");
        require(name, ".url", urls.add(config.url()), "another issuer has this URL");
        require(name, ".keys", RemoteKeys.isSafe(config.keys()), "must be an https URL, or http on this machine");
        require(
                name,
                ".algorithms",
                !config.algorithms().isEmpty() && Issuer.SIGNING.containsAll(algorithms(config)),
                "must be some of PS256, PS384, PS512, RS256, RS384, RS512, ES256, ES384, ES512");
        require(
                name,
                ".scopes",
                !config.users() || config.scopes().isEmpty(),
                "users have roles, which bank.identity.issuers gives them");
        require(name, ".types", !config.types().isEmpty(), "must be one at least");
    }

    private void require(String name, String setting, boolean holds, String rule) {
        if (!holds) {
            problems.add("bank.edge.issuers." + name + setting + ": " + rule);
        }
    }

    private static Issuer issuer(String name, IssuerConfig config) {
        return Issuer.foreign(
                name,
                config.url(),
                config.audience(),
                algorithms(config),
                Set.copyOf(config.types()),
                Set.copyOf(config.scopes().orElse(List.of())),
                RemoteKeys.of(URI.create(config.keys())));
    }

    private static Set<JWSAlgorithm> algorithms(IssuerConfig config) {
        return config.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
    }
}
