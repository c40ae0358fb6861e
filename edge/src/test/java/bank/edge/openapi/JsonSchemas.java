package bank.edge.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Checks values by JSON Schema 2020-12.
public final class JsonSchemas {
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final String NAMED = "#/components/schemas/";

    private JsonSchemas() {}

    /// What the OpenAPI Initiative's schema finds wrong with an OpenAPI document.
    static List<String> faults(JsonNode document) {
        try (var in = JsonSchemas.class.getResourceAsStream("/openapi/oas-3.1.json")) {
            return faults(REGISTRY.getSchema(new ObjectMapper().readTree(in)), document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is wrong with a value by a schema of an OpenAPI document.
    public static List<String> faults(JsonNode document, JsonNode schema, JsonNode value) {
        ObjectNode whole = ((ObjectNode) document).objectNode();
        whole.putArray("allOf").add(schema);
        named(document, schema, whole.putObject("$defs"));
        var text = whole.toString().replace("\"" + NAMED, "\"#/$defs/");
        return faults(REGISTRY.getSchema(text), value);
    }

    /// Gathers the named schemas that one leads to: they are few of the document's, and compiled for each value.
    private static void named(JsonNode document, JsonNode schema, ObjectNode gathered) {
        String reference = schema.path("$ref").asText();
        if (reference.startsWith(NAMED)) {
            String name = reference.substring(NAMED.length());
            if (!gathered.has(name)) {
                JsonNode target = document.path("components").path("schemas").path(name);
                gathered.set(name, target);
                named(document, target, gathered);
            }
        }
        schema.forEach(part -> named(document, part, gathered));
    }

    private static List<String> faults(Schema schema, JsonNode value) {
        return schema.validate(value).stream().map(Error::toString).toList();
    }
}
