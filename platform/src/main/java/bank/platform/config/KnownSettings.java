package bank.platform.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The settings a program has, by the names it knows them by. In a name `*` stands for one that is free, `[*]` for a
/// place in a list.
final class KnownSettings {
    private static final Pattern FREE = Pattern.compile("\\[\\*]|\\*");
    // A name in quotes may have dots; in a variable the quotes are underscores, as everything is that is no letter.
    private static final String FREE_PROPERTY = "([^.\"]+|\"[^\"]+\")";
    private static final String FREE_VARIABLE = "([A-Z0-9]+|_[A-Z0-9_]+_)";
    // Two letters that changed places are two.
    private static final int MISTAKES_MIN = 2;
    private static final int MISTAKES_MAX = 4;
    private static final int LETTERS_PER_MISTAKE = 3;

    private final String prefix;
    private final Map<String, Class<?>> types = new TreeMap<>();

    KnownSettings(Class<?> mapping) {
        var settings = ConfigClass.configClass(mapping);
        prefix = settings.getPrefix() + ".";
        ConfigMappings.getProperties(settings)
                .forEach((name, property) ->
                        types.put(name, valueType(property.getMethod().getGenericReturnType())));
    }

    /// `Optional<Set<String>>` has values of `String`.
    private static Class<?> valueType(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType of -> valueType(of.getActualTypeArguments()[of.getActualTypeArguments().length - 1]);
            default -> Object.class;
        };
    }

    /// The environment variable of a setting.
    static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /// What the values of a setting are; nothing when there is no such setting.
    ///
    /// @param name e.g. `bank.edge.services.rates.mode`
    Optional<Class<?>> type(String name) {
        return types.entrySet().stream()
                .filter(known -> pattern(known.getKey(), UnaryOperator.identity(), FREE_PROPERTY, "\\[[0-9]+]")
                        .matcher(name)
                        .matches())
                .<Class<?>>map(Map.Entry::getValue)
                .findFirst();
    }

    /// A line for each property that begins as this program's do and is none of them.
    List<String> unknownProperties(Collection<String> names) {
        return unknown(names, UnaryOperator.identity(), FREE_PROPERTY, "\\[[0-9]+]");
    }

    /// A line for each environment variable that begins as this program's do and is none of them.
    List<String> unknownVariables(Collection<String> names) {
        return unknown(names, KnownSettings::variable, FREE_VARIABLE, "_[0-9]+_");
    }

    private List<String> unknown(Collection<String> names, UnaryOperator<String> form, String free, String place) {
        var patterns = types.keySet().stream()
                .map(known -> pattern(known, form, free, place))
                .toList();
        return names.stream()
                .filter(name -> form.apply(name).startsWith(form.apply(prefix)))
                .filter(name -> patterns.stream()
                        .noneMatch(pattern -> pattern.matcher(form.apply(name)).matches()))
                .sorted()
                .map(name -> name + " is no setting"
                        + nearest(form.apply(name), form, free)
                                .map(near -> ": is " + near + " meant?")
                                .orElse(""))
                .toList();
    }

    private static Pattern pattern(String known, UnaryOperator<String> form, String free, String place) {
        var pattern = new StringBuilder();
        var rest = 0;
        for (var found : (Iterable<MatchResult>) FREE.matcher(known).results()::iterator) {
            pattern.append(Pattern.quote(form.apply(known.substring(rest, found.start()))));
            pattern.append(found.group().equals("*") ? free : place);
            rest = found.end();
        }
        return Pattern.compile(pattern + Pattern.quote(form.apply(known.substring(rest))));
    }

    /// The known name with the fewest letters to change, when they are few.
    private Optional<String> nearest(String name, UnaryOperator<String> form, String free) {
        var mistakes = Math.clamp((name.length() - prefix.length()) / LETTERS_PER_MISTAKE, MISTAKES_MIN, MISTAKES_MAX);
        return types.keySet().stream()
                .filter(known -> !known.contains("["))
                .flatMap(known -> alike(known, name, form, free))
                .filter(known -> distance(known, name) <= mistakes)
                .min(Comparator.comparingInt(known -> distance(known, name)));
    }

    /// A known name as it reads with the free name that `name` has.
    private static Stream<String> alike(String known, String name, UnaryOperator<String> form, String free) {
        var star = known.indexOf('*');
        if (star < 0) {
            return Stream.of(form.apply(known));
        }
        var begin = form.apply(known.substring(0, star));
        var chosen = Pattern.compile(Pattern.quote(begin) + free + "[._].*").matcher(name);
        return chosen.matches()
                ? Stream.of(begin + chosen.group(1) + form.apply(known.substring(star + 1)))
                : Stream.of();
    }

    /// Letters to add, to drop or to replace (Levenshtein).
    private static int distance(String a, String b) {
        var above = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var row = new int[b.length() + 1];
            row[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
