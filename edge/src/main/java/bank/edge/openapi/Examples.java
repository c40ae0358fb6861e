package bank.edge.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Examples: of fields those that their comments or rules give (`e.g. "…"`), of bodies what the fields' examples and
/// types make. The same proto files always give the same examples.
final class Examples {
    private static final Pattern TEXT = Pattern.compile("(?i)\\b(?:e\\.g\\.|always) ?[\"`]([^\"`…]+)[\"`]");
    private static final Pattern NUMBER = Pattern.compile("(?i)\\b(?:e\\.g\\.|always) ?([0-9]{1,15})\\b");
    private static final Map<String, String> BY_FORMAT = Map.of(
            "date", "2023-10-25",
            "date-time", "2023-10-25T09:30:00Z",
            "email", "ivan@example.com",
            "hostname", "example.com",
            "ipv4", "192.0.2.7",
            "ipv6", "2001:db8::7",
            "uri", "https://example.com",
            "uri-reference", "/v1",
            "uuid", "7d8c0a52-6a4f-4a0e-8a63-0f8d6f6f3f2e");
    private static final List<String> CANDIDATES = List.of("789", "1234.50", "1.5s", "code", "Code", "YWJj");
    private static final long ID = 789;
    private static final int DEPTH_MAX = 8;

    private final UnaryOperator<ObjectNode> resolve;
    private final boolean input;

    /// @param resolve follows a reference
    /// @param input of a request: only what must be there, and what has an example of its own
    Examples(UnaryOperator<ObjectNode> resolve, boolean input) {
        this.resolve = resolve;
        this.input = input;
    }

    /// The example that a field's comment gives.
    ///
    /// @param schema its schema
    static Optional<JsonNode> explicit(FieldDescriptor field, String comment, ObjectNode schema) {
        String text = Comments.oneLine(comment);
        var json = JsonNodeFactory.instance;
        return switch (field.isRepeated() ? "" : schema.path("type").asText()) {
            case "integer" ->
                first(NUMBER, text)
                        .map(Long::valueOf)
                        .filter(number -> number == within(number, schema))
                        .map(json::numberNode);
            case "string" ->
                first(TEXT, text).filter(value -> fits(value, schema)).map(json::textNode);
            default -> Optional.empty();
        };
    }

    private static Optional<String> first(Pattern pattern, String text) {
        var match = pattern.matcher(text);
        return match.find() ? Optional.of(match.group(1)) : Optional.empty();
    }

    private static boolean fits(String value, ObjectNode schema) {
        JsonNode names = schema.path("enum");
        boolean named = names.isEmpty()
                || names.valueStream().anyMatch(name -> name.asText().equals(value));
        String pattern = schema.path("pattern").asText();
        int length = value.codePointCount(0, value.length());
        return named
                && length >= schema.path("minLength").asLong()
                && length <= schema.path("maxLength").asLong(Long.MAX_VALUE)
                && (pattern.isEmpty() || Pattern.compile(pattern).matcher(value).find());
    }

    /// An example of what a schema describes; none when one cannot be told.
    Optional<JsonNode> of(ObjectNode schema) {
        return sample("", schema, Set.of());
    }

    /// The same for something that has a name, which tells more.
    Optional<JsonNode> named(String name, ObjectNode schema) {
        return sample(name, schema, Set.of());
    }

    private Optional<JsonNode> sample(String name, ObjectNode reference, Set<String> above) {
        String target = reference.path("$ref").asText();
        if (above.contains(target) || above.size() > DEPTH_MAX) {
            return Optional.empty();
        }
        for (ObjectNode schema : List.of(reference, resolve.apply(reference))) {
            for (JsonNode given : List.of(
                    schema.path("examples").path(0),
                    schema.path("const"),
                    schema.path("enum").path(0))) {
                if (!given.isMissingNode()) {
                    return Optional.of(given);
                }
            }
        }
        var deeper = new HashSet<>(above);
        if (!target.isEmpty()) {
            deeper.add(target);
        }
        return typed(name, resolve.apply(reference), deeper);
    }

    private Optional<JsonNode> typed(String name, ObjectNode schema, Set<String> above) {
        var json = JsonNodeFactory.instance;
        for (String choice : List.of("anyOf", "oneOf")) {
            if (schema.path(choice).path(0) instanceof ObjectNode first && !schema.has("properties")) {
                ObjectNode merged = schema.deepCopy();
                merged.remove(choice);
                merged.setAll(first);
                return typed(name, merged, above);
            }
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema, above);
            case "array" -> list(schema, above);
            case "integer" -> Optional.of(json.numberNode(within(isId(name) ? ID : 1, schema)));
            case "number" -> Optional.of(json.numberNode(1.5));
            case "boolean" -> Optional.of(json.booleanNode(true));
            case "string" -> text(name, schema).map(json::textNode);
            case "null" -> Optional.of(json.nullNode());
            default -> Optional.empty();
        };
    }

    private static boolean isId(String name) {
        return name.equals("id") || name.endsWith("_id") || name.endsWith("Id");
    }

    private static long within(long wanted, ObjectNode schema) {
        return Math.clamp(
                wanted, bound(schema.path("minimum"), Long.MIN_VALUE), bound(schema.path("maximum"), Long.MAX_VALUE));
    }

    /// @param widest what stands for none, and for one that is wider
    private static long bound(JsonNode given, long widest) {
        return given.canConvertToLong() ? given.asLong() : widest;
    }

    private static Optional<String> text(String name, ObjectNode schema) {
        String byFormat = BY_FORMAT.getOrDefault(schema.path("format").asText(), "");
        String free = name.isEmpty() ? "text" : name;
        String padded =
                free.repeat(1 + (int) Math.min(100, schema.path("minLength").asLong() / free.length()));
        var clipped = (int) Math.min(padded.length(), schema.path("maxLength").asLong(Long.MAX_VALUE));
        return Stream.concat(
                        Stream.of(byFormat, free, padded.substring(0, clipped)).filter(value -> !value.isEmpty()),
                        CANDIDATES.stream())
                .filter(value -> fits(value, schema))
                .findFirst();
    }

    private Optional<JsonNode> list(ObjectNode schema, Set<String> above) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        var items = schema.path("items") instanceof ObjectNode content
                ? sample("", content, above)
                : Optional.<JsonNode>empty();
        if (items.isEmpty() && schema.path("minItems").asLong() > 0) {
            return Optional.empty();
        }
        items.ifPresent(list.putArray("items")::add);
        return Optional.of(list.withArray("items"));
    }

    private Optional<JsonNode> object(ObjectNode schema, Set<String> above) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        required.addAll(chosen(schema));
        Set<String> excluded = excluded(schema);
        var properties = new LinkedHashMap<String, JsonNode>();
        schema.path("properties").properties().forEach(member -> properties.put(member.getKey(), member.getValue()));
        for (var member : properties.entrySet()) {
            boolean wanted = required.contains(member.getKey())
                    || !input
                    || member.getValue().has("examples");
            if (wanted && !excluded.contains(member.getKey())) {
                var value = sample(member.getKey(), (ObjectNode) member.getValue(), above);
                if (value.isEmpty() && required.contains(member.getKey())) {
                    return Optional.empty();
                }
                value.ifPresent(given -> object.set(member.getKey(), given));
            }
        }
        return Optional.of(object);
    }

    /// The first member of each choice that must be made.
    private static Set<String> chosen(ObjectNode schema) {
        var chosen = new HashSet<String>();
        for (JsonNode choice : schema.path("allOf")) {
            JsonNode alternatives = choice.path("oneOf");
            if (!alternatives.isEmpty() && alternatives.valueStream().allMatch(each -> each.has("required"))) {
                chosen.add(alternatives.path(0).path("required").path(0).asText());
            }
        }
        return chosen;
    }

    /// Members that the one of a choice excludes.
    private static Set<String> excluded(ObjectNode schema) {
        var excluded = new HashSet<String>();
        for (JsonNode choice : schema.path("allOf")) {
            boolean first = true;
            for (JsonNode alternative : choice.path("oneOf")) {
                String member = alternative.path("required").path(0).asText();
                if (!first && !member.isEmpty()) {
                    excluded.add(member);
                }
                first = false;
            }
        }
        return excluded;
    }
}
