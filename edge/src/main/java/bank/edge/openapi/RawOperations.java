package bank.edge.openapi;

import bank.edge.route.HttpRule;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/// Operations that take the HTTP request as it is: what their protocol says of them is written down by hand.
final class RawOperations {
    private static final long BYTES_MAX = 64 * 1024;
    private static final List<Integer> EDGE_ERRORS = List.of(400, 413, 429, 500, 503, 504);

    private final JsonNode written;

    /// @param written operations by method and path, e.g. `POST /token`; a text names another one
    RawOperations(JsonNode written) {
        this.written = written;
    }

    /// Fills in body and answers of an operation, and its summary where one is written down.
    void fill(HttpRule rule, ObjectNode operation) {
        JsonNode found = written.path(rule.httpMethod() + " " + rule.template().text());
        if (found.isTextual()) {
            found = written.path(found.asText());
        }
        if (found instanceof ObjectNode known) {
            ObjectNode copy = known.deepCopy();
            JsonNode parameters = copy.remove("parameters");
            if (parameters != null) {
                parameters.forEach(operation.withArray("/parameters")::add);
            }
            operation.setAll(copy);
        } else {
            if (!rule.body().isEmpty()) {
                operation.set("requestBody", Bodies.any(BYTES_MAX));
            }
            ObjectNode done = operation.putObject("responses").putObject("200").put("description", "Done.");
            done.putObject("content").putObject("*/*").set("schema", Bodies.file("Content of any type.", BYTES_MAX));
        }
        ObjectNode responses = operation.withObject("/responses");
        responses
                .properties()
                .forEach(answer -> ((ObjectNode) answer.getValue()).set("headers", AnswerHeaders.of(responses)));
        for (int status : EDGE_ERRORS) {
            String key = Integer.toString(status);
            ErrorAnswer.of(status).ifPresent(answer -> {
                if (responses.get(key) instanceof ObjectNode own) {
                    answer.addTo(own);
                } else {
                    responses.set(key, answer.response(Map.of(), responses));
                }
            });
        }
        responses.putObject("default").put("$ref", "#/components/responses/Other");
    }
}
