package bank.edge;

import bank.edge.openapi.JsonSchemas;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One operation of an OpenAPI document: how it is called by its examples, and whether an answer is as
/// described.
///
/// @param document the whole document
/// @param path as in the document, with its variables
/// @param described the operation's object
record DescribedOperation(JsonNode document, String method, String path, JsonNode described) {
    static final String JSON = "application/json";
    /// Documents by themselves, closed.
    private static final Map<JsonNode, JsonNode> CLOSED = Collections.synchronizedMap(new IdentityHashMap<>());

    private static final String RAW = "application/octet-stream";
    private static final String FORM = "application/x-www-form-urlencoded";

    /// All operations of a document.
    static List<DescribedOperation> all(JsonNode document) {
        return document.path("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .map(operation -> new DescribedOperation(
                                document,
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                operation.getValue())))
                .toList();
    }

    static JsonNode parsed(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return method + " " + path;
    }

    boolean needsToken() {
        return !described.path("security").path(0).isEmpty();
    }

    boolean takes(String type) {
        return described.path("requestBody").path("content").has(type);
    }

    /// Whether the service itself takes the request as it is, and answers in forms of its own.
    boolean isRaw() {
        return takes(FORM) || path.startsWith("/.well-known/") || path.startsWith("/oauth2/");
    }

    /// Schema of its body in JSON.
    JsonNode bodySchema() {
        return resolved(described.at("/requestBody/content/application~1json/schema"));
    }

    /// The path with the examples of its variables, and the query parameters that must be there.
    String target() {
        String target = path;
        var query = new ArrayList<String>();
        for (JsonNode given : described.path("parameters")) {
            JsonNode parameter = resolved(given);
            String name = parameter.path("name").asText();
            JsonNode example = parameter.path("example");
            if (parameter.path("in").asText().equals("path")) {
                target = target.replace("{" + name + "}", example.asText());
            } else if (parameter.path("required").asBoolean()) {
                query.add(name + "=" + (example.isArray() ? example.get(0) : example).asText());
            }
        }
        if (takes(RAW)) {
            query.add("file_name=a.pdf");
        }
        return query.isEmpty() ? target : target + "?" + String.join("&", query);
    }

    /// The type of [#body()]; empty when there is none.
    String type() {
        return Stream.of(JSON, FORM, RAW)
                .filter(this::takes)
                .findFirst()
                .orElse(described.has("requestBody") ? Multipart.TYPE : "");
    }

    /// A good body, by the examples.
    BodyPublisher body() {
        return switch (type()) {
            case "" -> BodyPublishers.noBody();
            case JSON -> BodyPublishers.ofString(example(JSON).toString());
            case FORM ->
                BodyPublishers.ofString(example(FORM)
                        .propertyStream()
                        .map(field -> field.getKey() + "="
                                + URLEncoder.encode(field.getValue().asText(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
            case RAW -> BodyPublishers.ofString("%PDF-1.7");
            default ->
                BodyPublishers.ofByteArray(new Multipart()
                        .field(
                                "documents",
                                example("multipart/form-data").path("documents").toString())
                        .file("files", "a.pdf", "%PDF-1.7".getBytes(StandardCharsets.UTF_8))
                        .finished());
        };
    }

    /// The example of a body.
    JsonNode example(String type) {
        JsonNode content = described.path("requestBody").path("content").path(type);
        return content.has("example")
                ? content.path("example")
                : content.path("examples").elements().next().path("value");
    }

    /// What is wrong with an answer by the description: a status, type or member that is not described, a
    /// value that is none.
    List<String> faults(HttpResponse<String> answer) {
        String status = Integer.toString(answer.statusCode());
        JsonNode response = described.path("responses").path(status);
        return response.isMissingNode()
                ? List.of("status " + status + " is not described")
                : faults(answer, resolved(response));
    }

    /// The same of a failure, which may have a status that only `default` describes.
    List<String> failureFaults(HttpResponse<String> answer) {
        JsonNode responses = described.path("responses");
        String status = Integer.toString(answer.statusCode());
        return faults(answer, resolved(responses.path(responses.has(status) ? status : "default")));
    }

    private List<String> faults(HttpResponse<String> answer, JsonNode response) {
        JsonNode content = response.path("content");
        String type = answer.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
        if (content.isMissingNode() || content.isEmpty()) {
            return type.isEmpty() && answer.body().isEmpty() ? List.of() : List.of("a body that is not described");
        }
        if (!content.has(type) && !content.has("*/*")) {
            return List.of("type " + type + " is not described");
        }
        return type.endsWith("json")
                ? JsonSchemas.faults(
                        CLOSED.computeIfAbsent(document, DescribedOperation::closed),
                        closed(content.path(type).path("schema")),
                        parsed(answer.body()))
                : List.of();
    }

    /// What is wrong with a body by the description.
    List<String> bodyFaults(JsonNode body) {
        return JsonSchemas.faults(document, bodySchema(), body);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? resolved(document.at(node.path("$ref").asText().substring(1)))
                : node;
    }

    /// The same schemas, which take no members but those they describe.
    private static JsonNode closed(JsonNode schemas) {
        JsonNode copy = schemas.deepCopy();
        close(copy);
        return copy;
    }

    private static void close(JsonNode node) {
        node.forEach(DescribedOperation::close);
        if (node instanceof ObjectNode schema
                && schema.path("type").asText().equals("object")
                && schema.path("properties").isObject()
                && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
    }

    /// Its example bodies made wrong in one place each, by what was done.
    Map<String, JsonNode> brokenBodies() {
        return BrokenBodies.of(example(JSON), bodySchema(), this::resolved);
    }
}
