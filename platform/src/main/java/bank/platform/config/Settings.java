package bank.platform.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// Reads typed settings. A settings type is an interface with `@ConfigMapping(prefix = "bank.…")`. A name that begins
/// with this prefix and is none of its settings is a mistake; all other names are somebody else's.
public final class Settings {
    private static final Pattern MISSING = Pattern.compile("config property (\\S+) is required");
    private static final Pattern EMPTY = Pattern.compile("config property (\\S+) is defined as the empty String");
    private static final Pattern MALFORMED =
            Pattern.compile("config property (\\S+) with the config value \"(.*?)\" threw", Pattern.DOTALL);
    private static final int SHOWN_MAX = 80;
    private static final Set<String> YES = Set.of("true", "yes", "y", "on", "1");
    private static final Set<String> NO = Set.of("false", "no", "n", "off", "0");

    private Settings() {}

    /// Reads the settings from environment variables: `bank.document.port` is `BANK_DOCUMENT_PORT`.
    ///
    /// @throws InvalidSettingsException listing every unknown, missing or malformed one
    public static <T> T fromEnvironment(Class<T> type, Map<String, String> environment) {
        var known = new KnownSettings(type);
        return read(
                type,
                known,
                List.of(new EnvConfigSource(environment, 300)),
                known.unknownVariables(environment.keySet()));
    }

    /// Reads the settings from properties that a program makes itself, and all others from environment variables.
    ///
    /// @throws InvalidSettingsException listing every unknown, missing or malformed one, and every variable whose
    ///     setting the program makes itself
    public static <T> T of(Class<T> type, Map<String, String> made, Map<String, String> environment) {
        var known = new KnownSettings(type);
        var problems = new ArrayList<>(known.unknownProperties(made.keySet()));
        problems.addAll(known.unknownVariables(environment.keySet()));
        made.keySet().stream()
                .filter(name -> environment.containsKey(KnownSettings.variable(name)))
                .sorted()
                .map(name -> named(name) + " is not to be set here: the program makes it itself")
                .forEach(problems::add);
        return read(
                type,
                known,
                List.of(new PropertiesConfigSource(made, "made", 400), new EnvConfigSource(environment, 300)),
                problems);
    }

    /// Reads the settings from properties named as the settings are, e.g. `bank.document.port`.
    ///
    /// @throws InvalidSettingsException listing every unknown, missing or malformed one
    public static <T> T of(Class<T> type, Map<String, String> properties) {
        var known = new KnownSettings(type);
        return read(
                type,
                known,
                List.of(new PropertiesConfigSource(properties, "properties", 300)),
                known.unknownProperties(properties.keySet()));
    }

    private static <T> T read(Class<T> type, KnownSettings known, List<ConfigSource> sources, List<String> found) {
        var problems = new ArrayList<>(found);
        try {
            var settings = new SmallRyeConfigBuilder()
                    .withSources(sources.toArray(ConfigSource[]::new))
                    .withConverter(Boolean.class, 200, Settings::yesOrNo)
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
                problems.add(told(known, e.getProblem(i).getMessage()));
            }
        } catch (IllegalArgumentException e) {
            problems.add(told(known, String.valueOf(e.getMessage())));
        }
        throw new InvalidSettingsException(problems);
    }

    /// What SmallRye takes as true, and its opposites; it takes anything else as false.
    private static boolean yesOrNo(String value) {
        var word = value.strip().toLowerCase(Locale.ROOT);
        if (!YES.contains(word) && !NO.contains(word)) {
            throw new IllegalArgumentException("neither true nor false");
        }
        return YES.contains(word);
    }

    /// A problem in the words of whoever sets things.
    private static String told(KnownSettings known, String problem) {
        var missing = MISSING.matcher(problem);
        if (missing.find()) {
            return named(missing.group(1)) + " is missing";
        }
        var empty = EMPTY.matcher(problem);
        if (empty.find()) {
            return named(empty.group(1)) + " is empty";
        }
        var malformed = MALFORMED.matcher(problem);
        if (!malformed.find()) {
            return problem;
        }
        // Values of other types may be secrets, or hold one.
        return named(malformed.group(1))
                + known.type(malformed.group(1))
                        .flatMap(Settings::form)
                        .map(form -> " must be " + form + ", is " + shown(malformed.group(2)))
                        .orElse(" cannot be read");
    }

    /// How values of a type that has no secrets are written.
    private static Optional<String> form(Class<?> type) {
        if (type.isEnum()) {
            return Optional.of(Arrays.stream(type.getEnumConstants())
                    .map(constant ->
                            ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ", "one of ", "")));
        }
        if (type == boolean.class || type == Boolean.class) {
            return Optional.of("true or false");
        }
        if (type == int.class || type == Integer.class || type == OptionalInt.class) {
            return Optional.of("a whole number in plain digits up to " + Integer.MAX_VALUE);
        }
        if (type == long.class || type == Long.class || type == OptionalLong.class) {
            return Optional.of("a whole number in plain digits up to " + Long.MAX_VALUE);
        }
        return type == Duration.class ? Optional.of("a duration as PT30S") : Optional.empty();
    }

    /// A value on one line.
    private static String shown(String value) {
        var line = value.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "…";
    }

    /// A setting by both of its names.
    private static String named(String property) {
        return property + " (environment variable " + KnownSettings.variable(property) + ")";
    }
}
