package bank.registry;

import bank.platform.config.Ranges;
import bank.platform.config.Settings;
import bank.registry.RegistryConfig.RemoteConfig;
import bank.registry.client.RegistryEndpoint;
import bank.registry.model.IdentifierType;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the settings and checks them.
public final class RegistrySettings {
    private static final String DEATH_NOTICE = "BANK_REGISTRY_SANDBOX_DEATH_NOTICE";
    private static final String DEATH_NOTICE_SHORT = "SANDBOX_DEATH_NOTICE";

    private RegistrySettings() {}

    /// Reads the settings from environment variables.
    ///
    /// @throws bank.platform.config.InvalidSettingsException listing every unknown, missing or malformed one
    public static RegistryConfig fromEnvironment(Map<String, String> environment) {
        return Settings.fromEnvironment(RegistryConfig.class, named(environment));
    }

    /// Reads the settings from properties that a program makes itself, and all others from environment variables.
    ///
    /// @throws bank.platform.config.InvalidSettingsException listing every unknown, missing or malformed one
    public static RegistryConfig of(Map<String, String> made, Map<String, String> environment) {
        return Settings.of(RegistryConfig.class, made, named(environment));
    }

    /// The environment with the sandbox's notice of death under its whole name. It has a short one as well.
    private static Map<String, String> named(Map<String, String> environment) {
        var named = new TreeMap<>(environment);
        var brief = environment.get(DEATH_NOTICE_SHORT);
        if (brief != null) {
            named.putIfAbsent(DEATH_NOTICE, brief);
        }
        return named;
    }

    static void check(RegistryConfig config) {
        var ranges = Ranges.of("bank.registry", config)
                .addresses("upstream.identity", config.upstream().identity())
                .within(
                        "sandbox-death-notice-delay",
                        config.sandboxDeathNoticeDelay(),
                        Duration.ZERO,
                        Duration.ofHours(1))
                .require(
                        "sandbox-death-notice",
                        !config.sandboxDeathNotice()
                                || (config.sandbox() && config.hmrc().url().isEmpty()),
                        "is for a sandbox alone, where HMRC has no url");
        remote(ranges, "nhs", config.nhs(), config.sandbox());
        remote(ranges, "hmrc", config.hmrc(), config.sandbox());
        ranges.check();
    }

    private static void remote(Ranges ranges, String name, RemoteConfig remote, boolean sandbox) {
        ranges.within(name + ".timeout", remote.timeout(), Duration.ofMillis(10), Duration.ofSeconds(10))
                .within(name + ".tries-max", remote.triesMax(), 1, 5)
                .within(name + ".pause", remote.pause(), Duration.ofMillis(1), Duration.ofSeconds(5))
                .within(name + ".failures-max", remote.failuresMax(), 2, 1000)
                .within(name + ".rest", remote.rest(), Duration.ofMillis(10), Duration.ofHours(1));
        if (remote.url().isEmpty()) {
            ranges.require(name + ".url", sandbox, "must be set, or bank.registry.sandbox be true");
            return;
        }
        ranges.require(name + ".url", isHttp(remote.url()), "must be an http or https URL without a query")
                .require(name + ".token-url", isHttp(remote.tokenUrl()), "must be an http or https URL without a query")
                .require(name + ".client-id", remote.clientId().isPresent(), "must be set with " + name + ".url")
                .require(
                        name + ".client-secret",
                        remote.clientSecret().isPresent(),
                        "must be set with " + name + ".url");
    }

    private static boolean isHttp(Optional<String> url) {
        try {
            var uri = new URI(url.orElse(""));
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /// What the registries tell persons by that the sandbox stands in for.
    static Set<IdentifierType> sandboxes(RegistryConfig config) {
        return Stream.of(IdentifierType.values())
                .filter(type -> of(config, type).url().isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static RemoteConfig of(RegistryConfig config, IdentifierType type) {
        return switch (type) {
            case NIN -> config.hmrc();
            case NHS -> config.nhs();
        };
    }

    /// Where a registry is over HTTP; empty when the sandbox stands in for it. Checked before.
    static Optional<RegistryEndpoint> endpoint(String name, RemoteConfig remote) {
        return remote.url()
                .map(url -> new RegistryEndpoint(
                        name,
                        URI.create(url),
                        URI.create(remote.tokenUrl().orElseThrow()),
                        remote.clientId().orElseThrow(),
                        remote.clientSecret().orElseThrow(),
                        remote.timeout(),
                        remote.triesMax(),
                        remote.pause(),
                        remote.failuresMax(),
                        remote.rest()));
    }
}
