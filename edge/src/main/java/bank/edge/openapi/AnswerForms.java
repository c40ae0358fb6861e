package bank.edge.openapi;

import bank.v1.Alternative;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Forms an operation answers in beside JSON.
final class AnswerForms {
    private static final long BYTES_MAX = 1L << 40;

    private AnswerForms() {}

    /// Adds a form: its media type to the good answers, its name to the query parameter `format`.
    static void add(Alternative form, ObjectNode operation) {
        for (JsonNode response : operation.path("responses")) {
            if (response.path("content").has("application/json")) {
                ((ObjectNode) response.path("content"))
                        .putObject(form.getMediaType())
                        .set("schema", Bodies.file("The same as " + form.getMediaType() + ".", BYTES_MAX));
            }
        }
        names(operation).add(form.getFormat());
    }

    private static ArrayNode names(ObjectNode operation) {
        ArrayNode parameters = operation.withArray("parameters");
        for (JsonNode parameter : parameters) {
            if (parameter.path("name").asText().equals("format")) {
                return (ArrayNode) parameter.path("schema").path("enum");
            }
        }
        ObjectNode parameter = parameters.addObject();
        parameter
                .put("name", "format")
                .put("in", "query")
                .put("description", "Form of the answer; goes before the header `Accept`.");
        return parameter
                .putObject("schema")
                .put("type", "string")
                .putArray("enum")
                .add("json");
    }
}
