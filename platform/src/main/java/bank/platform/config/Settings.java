package bank.platform.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads typed settings. A settings type is an interface with `@ConfigMapping(prefix = "bank.…")`.
public final class Settings {
    private static final Pattern MISSING = Pattern.compile("config property (\\S+) is required");
    private static final Pattern MALFORMED = Pattern.compile("config property (\\S+) with the config value");

    private Settings() {}

    /// Reads the settings from environment variables: `bank.document.port` is `BANK_DOCUMENT_PORT`.
    ///
    /// @throws InvalidSettingsException listing every problem
    public static <T> T fromEnvironment(Class<T> type, Map<String, String> environment) {
        return read(type, new SmallRyeConfigBuilder().withSources(new EnvConfigSource(environment, 300)));
    }

    /// Reads the settings from properties named as the settings are, e.g. `bank.document.port`.
    ///
    /// @throws InvalidSettingsException listing every problem
    public static <T> T of(Class<T> type, Map<String, String> properties) {
        return read(
                type,
                new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(properties, "properties", 300)));
    }

    private static <T> T read(Class<T> type, SmallRyeConfigBuilder builder) {
        try {
            return builder.withMapping(type)
                    .withMappingIgnore("bank.**")
                    .withDefaultValue("smallrye.config.mapping.validate-unknown", "false")
                    .build()
                    .getConfigMapping(type);
        } catch (ConfigValidationException e) {
            var problems = new ArrayList<String>();
            for (var i = 0; i < e.getProblemCount(); i++) {
                problems.add(told(e.getProblem(i).getMessage()));
            }
            throw new InvalidSettingsException(problems);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(List.of(told(String.valueOf(e.getMessage()))));
        }
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
        var variable = property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        return property + " (environment variable " + variable + ")";
    }
}
