package bank.edge.json;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Enum values by their short names: without the enum's prefix, lower case
/// (`DOCUMENT_STATUS_PROCESSED` is `processed`).
final class EnumNames {
    private final Map<EnumDescriptor, Map<String, EnumValueDescriptor>> byType = new ConcurrentHashMap<>();

    /// How a value is printed; a number the enum does not know prints as that number.
    static String print(EnumValueDescriptor value) {
        if (value.getIndex() < 0) {
            return Integer.toString(value.getNumber());
        }
        String prefix = prefix(value.getType());
        String name = value.getName();
        boolean cut = name.startsWith(prefix)
                && name.length() > prefix.length()
                && !Character.isDigit(name.charAt(prefix.length()));
        return (cut ? name.substring(prefix.length()) : name).toLowerCase(Locale.ROOT);
    }

    /// The zero value that stands for "not said".
    static boolean isUnspecified(EnumValueDescriptor value) {
        return value.getNumber() == 0 && value.getName().endsWith("_UNSPECIFIED");
    }

    /// The value of a short or full name in any case.
    EnumValueDescriptor byName(EnumDescriptor type, String name) throws BadValueException {
        @Nullable
        EnumValueDescriptor value =
                byType.computeIfAbsent(type, EnumNames::index).get(name.toUpperCase(Locale.ROOT));
        if (value == null) {
            throw unknown(type);
        }
        return value;
    }

    /// The value of a number.
    EnumValueDescriptor byNumber(EnumDescriptor type, int number) throws BadValueException {
        @Nullable EnumValueDescriptor value = type.findValueByNumber(number);
        if (value == null) {
            throw unknown(type);
        }
        return value;
    }

    private static BadValueException unknown(EnumDescriptor type) {
        return new BadValueException("expected one of "
                + type.getValues().stream()
                        .filter(value -> !isUnspecified(value))
                        .map(EnumNames::print)
                        .collect(Collectors.joining(", ")));
    }

    private static Map<String, EnumValueDescriptor> index(EnumDescriptor type) {
        var values = new HashMap<String, EnumValueDescriptor>();
        type.getValues().forEach(value -> values.put(print(value).toUpperCase(Locale.ROOT), value));
        type.getValues().forEach(value -> values.put(value.getName(), value));
        return values;
    }

    /// `DocumentStatus` gives `DOCUMENT_STATUS_`.
    private static String prefix(EnumDescriptor type) {
        String name = type.getName();
        var prefix = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean starts = Character.isUpperCase(c)
                    && i > 0
                    && (!Character.isUpperCase(name.charAt(i - 1))
                            || (i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1))));
            if (starts) {
                prefix.append('_');
            }
            prefix.append(Character.toUpperCase(c));
        }
        return prefix.append('_').toString();
    }
}
