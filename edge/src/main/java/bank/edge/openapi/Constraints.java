package bank.edge.openapi;

import build.buf.validate.FieldRules;
import build.buf.validate.Ignore;
import build.buf.validate.ValidateProto;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The `buf.validate` rules of a field.
///
/// @param rules the rules
/// @param type rules of the field's type; null when there are none
record Constraints(FieldRules rules, @Nullable Message type) {
    static Constraints of(FieldDescriptor field) {
        return of(field.getOptions().getExtension(ValidateProto.field));
    }

    static Constraints of(FieldRules rules) {
        if (rules.getIgnore() == Ignore.IGNORE_ALWAYS) {
            return new Constraints(FieldRules.getDefaultInstance(), null);
        }
        for (var entry : rules.getAllFields().entrySet()) {
            if (entry.getKey().getContainingOneof() != null && entry.getValue() instanceof Message type) {
                return new Constraints(rules, type);
            }
        }
        return new Constraints(rules, null);
    }

    /// The rules of the type that are set, by name, e.g. `max_len`.
    Map<FieldDescriptor, Object> set() {
        return type == null ? Map.of() : type.getAllFields();
    }

    /// Rules written as expressions, each by what it says of a value that breaks it.
    List<String> messages() {
        return rules.getCelList().stream()
                .map(rule -> rule.getMessage())
                .filter(message -> !message.isEmpty())
                .toList();
    }

    /// A field that is not set counts as zero or empty, and that is not checked.
    boolean ignoresZero() {
        return rules.getIgnore() == Ignore.IGNORE_IF_ZERO_VALUE;
    }

    /// A request without the field breaks a rule.
    boolean demands(FieldDescriptor field) {
        boolean absentIsZero = !field.hasPresence() && !ignoresZero();
        return rules.getRequired() || (absentIsZero && refusesZero());
    }

    /// Zero, the empty text or the empty list breaks a rule.
    boolean refusesZero() {
        return set().entrySet().stream().anyMatch(rule -> refusesZero(rule.getKey(), rule.getValue()));
    }

    private static boolean refusesZero(FieldDescriptor rule, Object value) {
        return switch (rule.getName()) {
            case "gt" -> sign(value) >= 0;
            case "gte" -> sign(value) > 0;
            case "lt" -> sign(value) <= 0;
            case "lte" -> sign(value) < 0;
            case "len", "min_len", "len_bytes", "min_bytes", "min_items", "min_pairs" -> sign(value) > 0;
            case "const" -> !isZero(value);
            case "in" -> value instanceof List<?> values && values.stream().noneMatch(Constraints::isZero);
            case "not_in" -> value instanceof List<?> values && values.stream().anyMatch(Constraints::isZero);
            case "prefix", "suffix", "contains" -> !isZero(value);
            case "pattern" ->
                value instanceof String pattern
                        && isPortable(pattern)
                        && !Pattern.compile(pattern).matcher("").find();
            default -> isWellKnown(rule) && !rule.getName().equals("uri_ref");
        };
    }

    /// The rule names a form that texts may have, such as `email`.
    static boolean isWellKnown(FieldDescriptor rule) {
        return rule.getContainingOneof() != null
                && rule.getContainingOneof().getName().equals("well_known");
    }

    /// An expression that RE2, Java and ECMAScript read alike.
    static boolean isPortable(String pattern) {
        return !pattern.contains("(?")
                && !pattern.contains("\\x{")
                && !pattern.contains("\\p")
                && !pattern.contains("\\P")
                && !pattern.contains("\\A")
                && !pattern.contains("\\z")
                && !pattern.contains("\\Q")
                && !pattern.contains("[[:");
    }

    private static int sign(Object value) {
        return value instanceof Number number ? (int) Math.signum(number.doubleValue()) : 0;
    }

    private static boolean isZero(Object value) {
        return switch (value) {
            case Number number -> number.doubleValue() == 0;
            case String text -> text.isEmpty();
            case Boolean truth -> !truth;
            case com.google.protobuf.ByteString bytes -> bytes.isEmpty();
            default -> false;
        };
    }

    /// The values an enum field may have.
    List<EnumValueDescriptor> allowed(EnumDescriptor type) {
        return type.getValues().stream().filter(this::allows).toList();
    }

    private boolean allows(EnumValueDescriptor value) {
        return set().entrySet().stream().allMatch(rule -> switch (rule.getKey().getName()) {
            case "const" -> rule.getValue().equals(value.getNumber());
            case "in" -> rule.getValue() instanceof List<?> values && values.contains(value.getNumber());
            case "not_in" -> rule.getValue() instanceof List<?> values && !values.contains(value.getNumber());
            default -> true;
        });
    }
}
