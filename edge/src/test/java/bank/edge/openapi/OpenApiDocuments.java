package bank.edge.openapi;

import bank.edge.EdgeConfig;
import bank.edge.json.JsonMode;
import bank.edge.route.HttpRule;
import bank.edge.route.ProtoFiles;
import bank.edge.route.Rpc;
import bank.platform.config.Settings;
import bank.v1.Access;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// OpenAPI documents to test, and where to look in them.
record OpenApiDocuments(OpenApi made, JsonNode root) {
    private static final EdgeConfig CONFIG = Settings.of(
            EdgeConfig.class,
            Map.of(
                    "bank.edge.upstreams.identity", "127.0.0.1:1",
                    "bank.edge.upstreams.document", "127.0.0.1:1",
                    "bank.edge.upstreams.contract", "127.0.0.1:1",
                    "bank.edge.tokens.issuer", "http://127.0.0.1"));

    /// That of `bank.v1`.
    static OpenApiDocuments bankV1() {
        return of(rules(ProtoFiles.bankV1(), "bank.v1."), _ -> JsonMode.HOUSE, OpenApi::declared);
    }

    /// That of the test's odd services.
    static OpenApiDocuments odd(JsonMode mode, Access access) {
        try (var in = OpenApiDocuments.class.getResourceAsStream("/codec/types.binpb")) {
            return of(rules(ProtoFiles.parse(in), "odd."), _ -> mode, _ -> access);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<HttpRule> rules(ProtoFiles files, String prefix) {
        return files.services().stream()
                .filter(service -> service.getFullName().startsWith(prefix))
                .flatMap(service -> service.getMethods().stream())
                .flatMap(method -> HttpRule.of(Rpc.of(method)).stream())
                .toList();
    }

    private static OpenApiDocuments of(
            List<HttpRule> rules, Function<Rpc, JsonMode> modes, Function<Rpc, Access> access) {
        var made = new OpenApi(rules, CONFIG, modes, access);
        try {
            return new OpenApiDocuments(made, new ObjectMapper().readTree(made.json()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
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
