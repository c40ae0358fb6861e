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
        whole.set("$defs", document.path("components").path("schemas"));
        whole.putArray("allOf").add(schema);
        var text = whole.toString().replace("\"#/components/schemas/", "\"#/$defs/");
        return faults(REGISTRY.getSchema(text), value);
    }

    private static List<String> faults(Schema schema, JsonNode value) {
        return schema.validate(value).stream().map(Error::toString).toList();
    }
}
