package bank.platform.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// Reads typed settings. A settings type is an interface with `@ConfigMapping(prefix = "bank.…")`. A name that begins
/// with this prefix and is none of its settings is a mistake; all other names are somebody else's.
public final class Settings {
    private static final Pattern MISSING = Pattern.compile("config property (\\S+) is required");
    private static final Pattern MALFORMED = Pattern.compile("config property (\\S+) with the config value");

    private Settings() {}

    /// Reads the settings from environment variables: `bank.document.port` is `BANK_DOCUMENT_PORT`.
    ///
    /// @throws InvalidSettingsException listing every unknown, missing or malformed one
    public static <T> T fromEnvironment(Class<T> type, Map<String, String> environment) {
        var known = new KnownSettings(type);
        return read(type, new EnvConfigSource(environment, 300), known.unknownVariables(environment.keySet()));
    }

    /// Reads the settings from properties named as the settings are, e.g. `bank.document.port`.
    ///
    /// @throws InvalidSettingsException listing every unknown, missing or malformed one
    public static <T> T of(Class<T> type, Map<String, String> properties) {
        var known = new KnownSettings(type);
        return read(
                type,
                new PropertiesConfigSource(properties, "properties", 300),
                known.unknownProperties(properties.keySet()));
    }

    private static <T> T read(Class<T> type, ConfigSource source, List<String> unknown) {
        var problems = new ArrayList<>(unknown);
        try {
            var settings = new SmallRyeConfigBuilder()
                    .withSources(source)
                    .withMapping(type)
                    .withMappingIgnore("bank.**")
                    .withDefaultValue("smallrye.config.mapping.validate-unknown", "false")
                    .build()
                    .getConfigMapping(type);
            if (problems.isEmpty()) {
                return settings;
            }
        } catch (ConfigValidationException e) {
            for (var i = 0; i < e.getProblemCount(); i++) {
                problems.add(told(e.getProblem(i).getMessage()));
            }
        } catch (IllegalArgumentException e) {
            problems.add(told(String.valueOf(e.getMessage())));
        }
        throw new InvalidSettingsException(problems);
    }

    /// A problem in the words of whoever sets things, without the value: it may be a secret.
    private static String told(String problem) {
        var missing = MISSING.matcher(problem);
        if (missing.find()) {
            return named(missing.group(1)) + " is missing";
        }
        var malformed = MALFORMED.matcher(problem);
        return malformed.find()
                ? named(malformed.group(1)) + " cannot be read: numbers are plain digits, durations as PT30S"
                : problem;
    }

    /// A setting by both of its names.
    private static String named(String property) {
        return property + " (environment variable " + KnownSettings.variable(property) + ")";
    }
}
