package bank.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Bodies that are wrong by their schema, in one place each.
final class BrokenBodies {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LENGTH_MAX = 100_000;
    private static final int ITEMS_MAX = 1_000;

    private final ObjectNode good;
    private final Map<String, JsonNode> broken = new LinkedHashMap<>();

    private BrokenBodies(ObjectNode good) {
        this.good = good;
    }

    /// Candidates by what was done to the good body; whether the schema refuses them, it has to say itself.
    ///
    /// @param resolve gives the schema that a reference names
    static Map<String, JsonNode> of(JsonNode good, JsonNode schema, UnaryOperator<JsonNode> resolve) {
        var bodies = new BrokenBodies((ObjectNode) good);
        bodies.broken.put("an array", NODES.arrayNode().add(good));
        bodies.broken.put("a text", NODES.textNode("a"));
        bodies.broken.put("null", NODES.nullNode());
        bodies.set("no_such_member", NODES.textNode("a"));
        schema.path("properties").propertyStream().forEach(property -> {
            bodies.without(property.getKey());
            bodies.property(property.getKey(), resolve.apply(property.getValue()), resolve);
        });
        return bodies.broken;
    }

    private void property(String name, JsonNode schema, UnaryOperator<JsonNode> resolve) {
        set(name, NODES.booleanNode(true));
        set(name, NODES.numberNode(1.5));
        set(name, NODES.textNode(""));
        set(name, NODES.textNode("\u0001 no such thing"));
        set(name, NODES.arrayNode().add(NODES.objectNode()));
        set(name, NODES.objectNode().put("no_such_member", 1));
        if (schema.has("minimum")) {
            set(name, NODES.numberNode(schema.path("minimum").bigIntegerValue().subtract(BigInteger.ONE)));
        }
        if (schema.has("maximum")) {
            set(name, NODES.numberNode(schema.path("maximum").bigIntegerValue().add(BigInteger.ONE)));
        }
        if (schema.path("minLength").asInt() > 0) {
            set(name, NODES.textNode("Ж".repeat(schema.path("minLength").asInt() - 1)));
        }
        if (schema.path("maxLength").asInt(LENGTH_MAX) < LENGTH_MAX) {
            set(name, NODES.textNode("Ж".repeat(schema.path("maxLength").asInt() + 1)));
        }
        if (schema.path("maxItems").asInt(ITEMS_MAX) < ITEMS_MAX) {
            ArrayNode items = NODES.arrayNode();
            JsonNode item = resolve.apply(schema.path("items"));
            for (int i = 0; i <= schema.path("maxItems").asInt(); i++) {
                items.add(item.path("type").asText().equals("integer") ? NODES.numberNode(i + 1) : NODES.textNode("a"));
            }
            set(name, items);
        }
    }

    private void without(String name) {
        var body = good.deepCopy();
        body.remove(name);
        broken.put("without " + name, body);
    }

    private void set(String name, JsonNode value) {
        String text = value.toString();
        broken.put(
                name + " = " + text.substring(0, Math.min(40, text.length())) + " (" + text.length() + ")",
                good.deepCopy().set(name, value));
    }
}
