package bank.edge.json;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.util.Locale;

/// Enum values by their short names: without the enum's prefix, lower case
/// (`DOCUMENT_STATUS_PROCESSED` is `processed`).
public final class EnumNames {
    private EnumNames() {}

    /// How a value is printed; a number the enum does not know prints as that number.
    public static String print(EnumValueDescriptor value) {
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
    public static boolean isUnspecified(EnumValueDescriptor value) {
        return value.getNumber() == 0 && value.getName().endsWith("_UNSPECIFIED");
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
