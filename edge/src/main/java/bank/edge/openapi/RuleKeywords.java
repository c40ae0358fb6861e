package bank.edge.openapi;

import build.buf.validate.FieldRules;
import build.buf.validate.KnownRegex;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Turns `buf.validate` rules into keywords of JSON Schema. What JSON Schema cannot say is told in the description.
final class RuleKeywords {
    private static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("email", "email"),
            Map.entry("hostname", "hostname"),
            Map.entry("ipv4", "ipv4"),
            Map.entry("ipv6", "ipv6"),
            Map.entry("uri", "uri"),
            Map.entry("uri_ref", "uri-reference"),
            Map.entry("uuid", "uuid"));
    private static final Map<String, String> PATTERNS = Map.of(
            "tuuid", "^[0-9a-fA-F]{32}$",
            "ulid", "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$");

    private RuleKeywords() {}

    /// Adds the keywords of a single value's rules.
    static void apply(Constraints constraints, ObjectNode schema) {
        if (schema.path("oneOf").path(0) instanceof ObjectNode number) {
            // The other alternative are the names of what is no number.
            apply(constraints, number);
            return;
        }
        constraints.set().forEach((rule, value) -> {
            switch (schema.path("type").asText()) {
                case "integer", "number" -> number(rule.getName(), value, schema);
                case "string" -> text(rule, value, schema);
                case "boolean" -> either(rule.getName(), value, schema);
                default -> {}
            }
        });
        if (constraints.ignoresZero() && constraints.refusesZero()) {
            orZero(schema);
        }
    }

    /// Adds the keywords of a list's rules.
    static void applyToList(Constraints constraints, ObjectNode schema) {
        constraints.set().forEach((rule, value) -> {
            switch (rule.getName()) {
                case "min_items" -> schema.put("minItems", ((Number) value).longValue());
                case "max_items" -> schema.put("maxItems", ((Number) value).longValue());
                case "unique" -> either("uniqueItems", value, schema);
                case "min_pairs" -> schema.put("minProperties", ((Number) value).longValue());
                case "max_pairs" -> schema.put("maxProperties", ((Number) value).longValue());
                default -> {}
            }
        });
    }

    /// Rules of the elements (`items`), keys or values of a list or map.
    static Constraints below(Constraints constraints, String name) {
        for (var rule : constraints.set().entrySet()) {
            if (rule.getKey().getName().equals(name) && rule.getValue() instanceof FieldRules rules) {
                return Constraints.of(rules);
            }
        }
        return Constraints.of(FieldRules.getDefaultInstance());
    }

    private static void either(String name, Object value, ObjectNode schema) {
        if (name.equals("const") || name.equals("uniqueItems")) {
            schema.put(name, (Boolean) value);
        }
    }

    private static void number(String name, Object given, ObjectNode schema) {
        boolean whole = schema.path("type").asText().equals("integer");
        Object value = schema.path("format").asText().startsWith("uint") ? unsigned(given) : given;
        switch (name) {
            case "const" -> schema.set("const", node(value, schema));
            case "gte" -> schema.set("minimum", node(value, schema));
            case "lte" -> schema.set("maximum", node(value, schema));
            case "gt" -> bound(whole ? "minimum" : "exclusiveMinimum", value, whole ? 1 : 0, schema);
            case "lt" -> bound(whole ? "maximum" : "exclusiveMaximum", value, whole ? -1 : 0, schema);
            case "in" -> schema.set("enum", nodes((List<?>) value, schema));
            case "not_in" -> schema.putObject("not").set("enum", nodes((List<?>) value, schema));
            case "example" -> schema.set("examples", nodes((List<?>) value, schema));
            default -> {}
        }
    }

    /// Java reads the upper half of unsigned integers as negative ones.
    private static Object unsigned(Object value) {
        return switch (value) {
            case Integer number -> Integer.toUnsignedLong(number);
            case Long number -> new BigInteger(Long.toUnsignedString(number));
            case List<?> numbers -> numbers.stream().map(RuleKeywords::unsigned).toList();
            default -> value;
        };
    }

    private static void bound(String keyword, Object value, int step, ObjectNode schema) {
        schema.put(keyword, new BigDecimal(value.toString()).add(BigDecimal.valueOf(step)));
    }

    private static void text(FieldDescriptor rule, Object value, ObjectNode schema) {
        switch (rule.getName()) {
            case "const" -> schema.set("const", node(value, schema));
            case "len" -> {
                schema.put("minLength", ((Number) value).longValue());
                schema.put("maxLength", ((Number) value).longValue());
            }
            case "min_len" -> schema.put("minLength", lengthMin(rule, ((Number) value).longValue()));
            case "max_len" -> schema.put("maxLength", lengthMax(rule, ((Number) value).longValue()));
            case "max_bytes", "len_bytes" -> schema.put("maxLength", ((Number) value).longValue());
            case "pattern" -> pattern(value.toString(), schema);
            case "prefix" -> pattern("^" + quoted(value.toString()), schema);
            case "suffix" -> pattern(quoted(value.toString()) + "$", schema);
            case "contains" -> pattern(quoted(value.toString()), schema);
            case "in" -> schema.set("enum", nodes((List<?>) value, schema));
            case "not_in" -> schema.putObject("not").set("enum", nodes((List<?>) value, schema));
            case "example" -> schema.set("examples", nodes((List<?>) value, schema));
            case "well_known_regex" ->
                schema.put(
                        "format",
                        value.equals(KnownRegex.KNOWN_REGEX_HTTP_HEADER_NAME.getValueDescriptor())
                                ? "http-header-name"
                                : "http-header-value");
            default -> wellKnown(rule, schema);
        }
    }

    /// Bytes are counted before, text after it became base64.
    private static long lengthMin(FieldDescriptor rule, long length) {
        return isOfBytes(rule) ? (length * 4 + 2) / 3 : length;
    }

    private static long lengthMax(FieldDescriptor rule, long length) {
        return isOfBytes(rule) ? (length + 2) / 3 * 4 : length;
    }

    private static boolean isOfBytes(FieldDescriptor rule) {
        return rule.getContainingType().getName().equals("BytesRules");
    }

    private static void wellKnown(FieldDescriptor rule, ObjectNode schema) {
        if (!Constraints.isWellKnown(rule) || isOfBytes(rule)) {
            return;
        }
        String pattern = PATTERNS.get(rule.getName());
        if (pattern != null) {
            pattern(pattern, schema);
        } else {
            schema.put(
                    "format",
                    FORMATS.getOrDefault(rule.getName(), rule.getName().replace('_', '-')));
        }
    }

    private static void pattern(String pattern, ObjectNode schema) {
        if (!Constraints.isPortable(pattern)) {
            describe("Matches `" + pattern + "` (RE2).", schema);
        } else if (schema.has("pattern")) {
            schema.withArray("allOf").addObject().put("pattern", pattern);
        } else {
            schema.put("pattern", pattern);
        }
        if (schema.path("format").asText().equals("text")) {
            schema.remove("format");
        }
    }

    private static String quoted(String text) {
        return Pattern.compile("[\\\\^$.|?*+()\\[\\]{}/]").matcher(text).replaceAll("\\\\$0");
    }

    /// Lets the value be zero or empty too, which counts as not set.
    private static void orZero(ObjectNode schema) {
        boolean text = schema.path("type").asText().equals("string");
        var rules = schema.objectNode();
        for (String keyword : List.of("pattern", "minLength", "minimum", "exclusiveMinimum", "enum", "const", "not")) {
            if (schema.has(keyword)) {
                rules.set(keyword, schema.remove(keyword));
            }
        }
        if (text && schema.path("format").isMissingNode()) {
            schema.put("format", "text");
        }
        ArrayNode either = schema.putArray("anyOf");
        either.add(rules);
        var zero = either.addObject();
        if (text) {
            zero.put("const", "");
        } else {
            zero.put("const", 0);
        }
    }

    /// Adds a sentence to the description.
    static void describe(String sentence, ObjectNode schema) {
        String before = schema.path("description").asText();
        schema.put("description", before.isEmpty() ? sentence : before + "\n\n" + sentence);
    }

    private static ArrayNode nodes(List<?> values, ObjectNode factory) {
        var nodes = factory.arrayNode();
        values.forEach(value -> nodes.add(node(value, factory)));
        return nodes;
    }

    private static JsonNode node(Object value, ObjectNode factory) {
        return switch (value) {
            case Integer number -> factory.numberNode(number);
            case Long number -> factory.numberNode(number);
            case BigInteger number -> factory.numberNode(number);
            case Float number -> factory.numberNode(number);
            case Double number -> factory.numberNode(number);
            case Boolean truth -> factory.booleanNode(truth);
            case EnumValueDescriptor each -> factory.numberNode(each.getNumber());
            case ByteString bytes -> factory.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            default -> factory.textNode(value.toString());
        };
    }
}
