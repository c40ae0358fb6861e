package bank.edge.http;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a client prefers, from a header such as `Accept: text/html, application/json;q=0.9` (RFC 9110, section 12.4.2).
final class Weights {
    private static final Pattern WEIGHT = Pattern.compile("0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?");

    private final Map<String, Double> byName = new HashMap<>();

    /// Members that cannot be read count as not sent, for browsers and libraries of old send some. Parameters beside
    /// the weight are not looked at.
    ///
    /// @param lines values of the header
    Weights(List<String> lines) {
        for (String line : lines) {
            for (String member : line.split(",", -1)) {
                add(member.split(";", -1));
            }
        }
    }

    private void add(String[] parts) {
        String name = parts[0].strip().toLowerCase(Locale.ROOT);
        double weight = 1;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                String value = parameter.substring(2).strip();
                if (!WEIGHT.matcher(value).matches()) {
                    return;
                }
                weight = Double.parseDouble(value);
            }
        }
        if (!name.isEmpty()) {
            byName.merge(name, weight, Math::max);
        }
    }

    /// Nothing is said, so anything will do.
    boolean isEmpty() {
        return byName.isEmpty();
    }

    /// Weight of the first of the names that is there, from 0 (refused) to 1; null when none is.
    @Nullable
    Double of(String... names) {
        for (String name : names) {
            Double weight = byName.get(name);
            if (weight != null) {
                return weight;
            }
        }
        return null;
    }
}
