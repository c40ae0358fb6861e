package bank.edge.openapi;

import bank.edge.EdgeConfig;
import bank.edge.route.HttpRule;
import bank.edge.route.Rpc;
import bank.v1.Access;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The OpenAPI 3.1 document of a list of routes. Routes of methods that OpenAPI has no place for, such as a custom kind
/// `*`, are not told of.
public final class OpenApi {
    private static final Set<String> METHODS =
            Set.of("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build());

    private final ObjectNode document;
    private final Map<String, List<String>> names = new HashMap<>();
    private final Map<Rpc, Integer> places = new HashMap<>();
    private final Map<String, Set<String>> scopes = new TreeMap<>();

    /// @param rules the routes, in the order they are told of
    /// @throws IllegalArgumentException when one cannot be described; the message names it
    public OpenApi(List<HttpRule> rules, EdgeConfig config) {
        document = (ObjectNode) resource("frame.yaml");
        ObjectNode components = (ObjectNode) document.path("components");
        var comments = new Comments();
        var schemas = new Schemas(components.withObject("/schemas"), comments);
        var raw = new RawOperations(resource("raw.yaml"));
        var operations = new Operations(schemas, comments, raw, config);
        ErrorAnswer.define(components);
        var told = rules.stream()
                .filter(rule -> METHODS.contains(rule.httpMethod()))
                .toList();
        each(told, operations::name);
        each(told.stream().filter(rule -> rule.rpc().alternative() == null).toList(), rule -> add(rule, operations));
        each(told.stream().filter(rule -> rule.rpc().alternative() != null).toList(), this::addForm);
        each(told, rule -> scopes(rule, Security.access(rule.rpc())));
        tags(told, comments);
        ObjectNode listed = document.withObject("/components/securitySchemes/machine/flows/clientCredentials/scopes");
        scopes.forEach((scope, rpcs) -> listed.put(scope, String.join(", ", rpcs)));
        drop(components);
    }

    private static void each(List<HttpRule> rules, Consumer<HttpRule> work) {
        rules.forEach(rule -> {
            try {
                work.accept(rule);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(rule + ": cannot be described by OpenAPI", e);
            }
        });
    }

    /// Leaves out what nothing refers to.
    private void drop(ObjectNode components) {
        Set<String> used = Set.copyOf(document.findValuesAsText("$ref"));
        for (String kind : List.of("parameters", "headers", "responses", "schemas")) {
            ObjectNode parts = components.withObject("/" + kind);
            parts.retain(parts.propertyStream()
                    .map(Map.Entry::getKey)
                    .filter(name -> used.contains("#/components/" + kind + "/" + name))
                    .toList());
        }
    }

    private static JsonNode resource(String name) {
        try (InputStream in = OpenApi.class.getResourceAsStream(name)) {
            return YAML.readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(HttpRule rule, Operations operations) {
        var shape = PathShape.of(rule.template());
        // Paths that differ in the names of their placeholders are one path: the first one's names stand.
        List<String> own = names.computeIfAbsent(rule.template().shape(), _ -> shape.names());
        int place = places.merge(rule.rpc(), 1, Integer::sum);
        ObjectNode item = (ObjectNode) document.path("paths");
        String path = shape.path(own);
        item = item.path(path) instanceof ObjectNode known ? known : item.putObject(path);
        item.set(rule.httpMethod().toLowerCase(Locale.ROOT), operations.of(rule, place, shape, own));
    }

    /// Tells another form of an answer where the answer itself is told.
    private void addForm(HttpRule rule) {
        List<String> own = Objects.requireNonNull(names.get(rule.template().shape()));
        String path = PathShape.of(rule.template()).path(own);
        String method = rule.httpMethod().toLowerCase(Locale.ROOT);
        AnswerForms.add(Objects.requireNonNull(rule.rpc().alternative()), (ObjectNode)
                document.path("paths").path(path).path(method));
    }

    private void scopes(HttpRule rule, Access access) {
        String rpc = Operations.tag(rule.rpc().method().getService()) + "."
                + rule.rpc().method().getName();
        access.getScopesList()
                .forEach(scope ->
                        scopes.computeIfAbsent(scope, _ -> new TreeSet<>()).add(rpc));
    }

    private void tags(List<HttpRule> rules, Comments comments) {
        var tags = new LinkedHashMap<String, String>();
        rules.forEach(rule -> {
            var service = rule.rpc().method().getService();
            tags.put(Operations.tag(service), comments.of(service));
        });
        tags.forEach((name, comment) -> {
            ObjectNode tag = document.withArray("tags").addObject().put("name", name);
            tag.put("description", comment.isEmpty() ? name : comment);
        });
    }

    /// The document as JSON, indented.
    public String json() {
        return text(JSON);
    }

    /// The document as YAML.
    public String yaml() {
        return text(YAML);
    }

    private String text(ObjectMapper mapper) {
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
