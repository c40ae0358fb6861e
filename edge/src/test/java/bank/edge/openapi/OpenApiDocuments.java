package bank.edge.openapi;

import bank.edge.EdgeConfig;
import bank.edge.TestDescriptors;
import bank.edge.json.JsonMode;
import bank.edge.route.HttpRule;
import bank.edge.route.ServiceSet;
import bank.edge.route.ServiceSet.Treatment;
import bank.platform.config.Settings;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// OpenAPI documents to test, and where to look in them.
record OpenApiDocuments(OpenApi made, JsonNode root) {
    private static final EdgeConfig CONFIG = Settings.of(
            EdgeConfig.class,
            Map.of(
                    "bank.edge.upstreams.identity", "127.0.0.1:1",
                    "bank.edge.upstreams.document", "127.0.0.1:1",
                    "bank.edge.upstreams.contract", "127.0.0.1:1",
                    "bank.edge.upstreams.registry", "127.0.0.1:1",
                    "bank.edge.tokens.issuer", "http://127.0.0.1"));

    /// That of `bank.v1`.
    static OpenApiDocuments bankV1() {
        return of(ServiceSet.own(Map.of()));
    }

    /// That of the test's odd services.
    static OpenApiDocuments odd(Treatment treatment) {
        return of(ServiceSet.further(TestDescriptors.file("openapi/odd.proto"), "127.0.0.1:1", treatment));
    }

    private static OpenApiDocuments of(ServiceSet services) {
        var made = new OpenApi(rules(services), CONFIG);
        try {
            return new OpenApiDocuments(made, new ObjectMapper().readTree(made.json()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A document of the routes to an rpc of `library.Library` alone.
    static OpenApi ofOne(String rpc) {
        var treatment = new Treatment(JsonMode.STANDARD, Set.of(), Optional.empty(), false);
        var library = ServiceSet.further(TestDescriptors.file("library/library.proto"), "127.0.0.1:1", treatment);
        return new OpenApi(
                rules(library).stream()
                        .filter(rule -> rule.rpc().path().equals("/library.Library/" + rpc))
                        .toList(),
                CONFIG);
    }

    private static List<HttpRule> rules(ServiceSet services) {
        return services.rpcs().stream()
                .flatMap(rpc -> HttpRule.of(rpc).stream())
                .toList();
    }

    JsonNode operation(String method, String path) {
        return root.path("paths").path(path).path(method);
    }

    /// The parameter of a name, in whatever place.
    JsonNode parameter(JsonNode operation, String name) {
        return operation
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Names of the parameters, those by reference by the reference's last word.
    List<String> parameters(JsonNode operation) {
        return operation
                .path("parameters")
                .valueStream()
                .map(parameter -> parameter.has("name")
                        ? parameter.path("name").asText()
                        : parameter.path("$ref").asText().replaceFirst(".*/", ""))
                .toList();
    }

    JsonNode schema(String name) {
        return root.path("components").path("schemas").path(name);
    }

    /// A member of a schema.
    JsonNode property(String schema, String name) {
        return schema(schema).path("properties").path(name);
    }
}
