package bank.edge.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The document of `bank.v1`.
class OpenApiTest {
    private static final OpenApiDocuments BANK = OpenApiDocuments.bankV1();

    @Test
    void isValidByTheSchemaOfOpenApi() {
        assertThat(JsonSchemas.faults(BANK.root())).isEmpty();
    }

    @Test
    void isLeftForTheLintersOfCi() throws Exception {
        var directory = Files.createDirectories(Path.of("target", "openapi"));

        Files.writeString(directory.resolve("openapi.json"), BANK.made().json());
        Files.writeString(directory.resolve("openapi.yaml"), BANK.made().yaml());

        assertThat(directory).isNotEmptyDirectory();
    }

    @Test
    void saysTheSameInYaml() throws Exception {
        var yaml = new ObjectMapper(new YAMLFactory()).readTree(BANK.made().yaml());

        assertThat(new ObjectMapper().readTree(yaml.toString()))
                .isEqualTo(new ObjectMapper().readTree(BANK.root().toString()));
    }

    @Test
    void isTheSameEveryTime() {
        assertThat(OpenApiDocuments.bankV1().made().json())
                .isEqualTo(BANK.made().json());
    }

    @Test
    void everyExampleIsValidByItsSchema() {
        ObjectNode schemas = new ObjectMapper().createObjectNode();
        ObjectNode examples = schemas.objectNode();
        examples(BANK.root(), "", schemas, examples);

        assertThat(JsonSchemas.faults(BANK.root(), schemas.objectNode().set("properties", schemas), examples))
                .isEmpty();
        assertThat(examples.size()).isGreaterThan(100);
    }

    /// Gathers schemas and examples by their place in the document.
    private static void examples(JsonNode node, String place, ObjectNode schemas, ObjectNode examples) {
        if (node.has("schema") && node.has("example")) {
            schemas.set(place, node.path("schema"));
            examples.set(place, node.path("example"));
        }
        if (node.path("examples").isArray() && (node.has("type") || node.has("$ref"))) {
            schemas.set(place, node);
            examples.set(place, node.path("examples").path(0));
        }
        for (var member : node.properties()) {
            examples(member.getValue(), place + "/" + member.getKey(), schemas, examples);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            examples(node.get(i), place + "/" + i, schemas, examples);
        }
    }

    @Test
    void everyPathHasItsOwnOperationId() {
        var ids = BANK.root().path("paths").findValuesAsText("operationId");

        assertThat(ids)
                .doesNotHaveDuplicates()
                .contains("AuthService_Register", "AuthService_Register_2", "DocumentService_UploadDocument");
    }

    @Test
    void tellsWhatTheCommentSays() {
        var operation = BANK.operation("delete", "/v1/dbo/documents/{id}");

        assertThat(operation.path("summary").asText()).isEqualTo("Deletes a document with its content");
        assertThat(operation.path("description").asText())
                .contains("while nobody holds it")
                .contains("users with the role `client` or `employee` or `admin`")
                .contains("machine clients with the scope `documents:process`")
                .contains("applications that are not the bank's own, for a client, with the scope `documents:upload`");
        assertThat(BANK.property("Document", "digest").path("description").asText())
                .startsWith("Digest of the content with its algorithm");
        assertThat(BANK.root().path("tags").findValuesAsText("description"))
                .anyMatch(text -> text.startsWith("Documents as core banking (ABS) processes them."));
    }

    @Test
    void tellsWhoMayCall() {
        assertThat(BANK.operation("delete", "/v1/dbo/documents/{id}").path("security"))
                .hasToString("[{\"bearer\":[]},{\"dpop\":[]},{\"user\":[]},{\"machine\":[\"documents:process\"]}]");
        assertThat(BANK.operation("post", "/v1/dbo/documents").path("security"))
                .hasToString("[{\"bearer\":[]},{\"dpop\":[]},{\"user\":[]}]");
        assertThat(BANK.operation("post", "/v1/auth/login").path("security")).hasToString("[{}]");
        assertThat(BANK.root().at("/components/securitySchemes/dpop/scheme").asText())
                .isEqualTo("DPoP");
        assertThat(BANK.root()
                        .at("/components/securitySchemes/machine/flows/clientCredentials/scopes")
                        .path("documents:process")
                        .asText())
                .contains("DocumentReviewService.SetDocumentStatus");
        assertThat(BANK.root()
                        .at("/components/securitySchemes/machine/flows/clientCredentials/scopes")
                        .has("documents:upload"))
                .isFalse();
    }

    @Test
    void tellsOfApplicationsWhereTheyMayCall() {
        assertThat(description("post", "/v1/dbo/documents"))
                .endsWith("May be called by users with the role `client`; applications that are not the bank's own, for"
                        + " a client, with the scope `documents:upload`.");
        assertThat(description("get", "/v1/abs/documents/{id}"))
                .contains("applications that are not the bank's own, for a client, with the scope `documents:read`;");
        assertThat(description("get", "/v1/abs/documents")).doesNotContain("applications");
        assertThat(description("get", "/v1/users/me")).doesNotContain("applications");
    }

    private static String description(String method, String path) {
        return BANK.operation(method, path).path("description").asText();
    }

    @Test
    void tellsTheErrorsTheCommentNames() {
        var responses = BANK.operation("delete", "/v1/dbo/documents/{id}").path("responses");
        var register = BANK.operation("post", "/v1/auth/register").path("responses");

        assertThat(responses.at("/400/description").asText()).contains("`DOCUMENT_HELD`, `STATUS_FORBIDS_DELETION`");
        assertThat(responses
                        .at("/400/content/application~1problem+json/example/code")
                        .asText())
                .isEqualTo("FAILED_PRECONDITION");
        assertThat(register.at("/409/description").asText()).contains("`EMAIL_TAKEN`");
        assertThat(register.has("401")).isFalse();
        assertThat(names(responses)).contains("401", "403", "404", "409", "412", "422", "503", "504", "default");
    }

    private static List<String> names(JsonNode node) {
        return node.propertyStream().map(member -> member.getKey()).toList();
    }

    @Test
    void rulesBecomeKeywords() {
        assertThat(BANK.schema("RegisterRequest").path("required")).hasToString("[\"email\",\"password\"]");
        assertThat(BANK.property("RegisterRequest", "email").path("format").asText())
                .isEqualTo("email");
        assertThat(BANK.property("RegisterRequest", "email").path("maxLength").asInt())
                .isEqualTo(254);
        assertThat(BANK.property("RegisterRequest", "password")
                        .path("minLength")
                        .asInt())
                .isEqualTo(8);
        assertThat(BANK.property("RegisterRequest", "phone_number").path("anyOf"))
                .hasToString("[{\"pattern\":\"^\\\\+[1-9][0-9]{6,14}$\"},{\"const\":\"\"}]");
        assertThat(BANK.property("SetLinkStatusRequest", "operation_status_id").path("enum"))
                .hasToString("[1,2,4]");
        var search = BANK.operation("get", "/v1/abs/documents");
        assertThat(BANK.parameter(search, "page_size").at("/schema/minimum").asInt())
                .isEqualTo(1);
        assertThat(BANK.parameter(search, "page_size").at("/schema/maximum").asInt())
                .isEqualTo(200);
        assertThat(BANK.parameter(search, "uploaded_from").at("/schema/format").asText())
                .isEqualTo("date");
    }

    @Test
    void requestsAreStrictAndWithoutWhatThePathBinds() {
        var schema = BANK.schema("UpdateDocumentRequest");

        assertThat(schema.path("additionalProperties")).hasToString("false");
        assertThat(names(schema.path("properties"))).contains("description").doesNotContain("id");
    }

    @Test
    void answersSayWhatIsAlwaysThere() {
        assertThat(BANK.schema("DocumentSearchResult").path("required"))
                .hasToString("[\"id\",\"description\",\"user_id\",\"category\"]");
    }

    @Test
    void anUploadIsAFormOrTheFileItself() {
        var operation = BANK.operation("post", "/v1/dbo/documents");
        var content = operation.at("/requestBody/content");

        assertThat(names(content)).containsExactly("multipart/form-data", "application/octet-stream");
        assertThat(names(content.at("/multipart~1form-data/schema/properties")))
                .containsExactly(
                        "description",
                        "category",
                        "callcopy_id",
                        "actual_date",
                        "actual_end_date",
                        "file_name",
                        "file");
        assertThat(content.at("/multipart~1form-data/schema/required")).hasToString("[\"file\"]");
        assertThat(content.at("/multipart~1form-data/schema/properties/file/format")
                        .asText())
                .isEqualTo("binary");
        assertThat(content.at("/multipart~1form-data/examples/upload/value"))
                .hasToString("{\"description\":\"Договор аренды\",\"category\":\"contracts\",\"file\":\"\"}");
        assertThat(BANK.parameters(operation)).contains("file_name", "IdempotencyKey", "ValidateOnly", "ContentDigest");
        assertThat(names(operation.at("/responses/201/headers"))).contains("Location", "ETag");
        var batch = BANK.operation("post", "/v1/abs/documents/batch").at("/requestBody/content");
        assertThat(names(batch)).containsExactly("multipart/form-data");
        assertThat(batch.at("/multipart~1form-data/schema/properties/files/type")
                        .asText())
                .isEqualTo("array");
    }

    @Test
    void aDownloadHasRanges() {
        var operation = BANK.operation("get", "/v1/dbo/documents/{id}/content");

        assertThat(names(operation.path("responses"))).contains("200", "206", "304", "416");
        assertThat(BANK.parameters(operation))
                .contains("Range", "IfRange", "IfNoneMatch")
                .doesNotContain("IfMatch");
        assertThat(names(operation.at("/responses/206/headers"))).contains("Content-Range", "ETag");
    }

    @Test
    void aStreamThatGoesOnWhereItBrokeOffTakesTheLastId() {
        assertThat(BANK.parameters(BANK.operation("get", "/v1/abs/documents:watch")))
                .contains("LastEventId", "after");
        assertThat(BANK.parameters(BANK.operation("get", "/v1/abs/documents"))).doesNotContain("LastEventId");
    }

    @Test
    void theTokenEndpointTakesAForm() {
        var operation = BANK.operation("post", "/token");

        assertThat(names(operation.at("/requestBody/content"))).containsExactly("application/x-www-form-urlencoded");
        assertThat(operation
                        .at("/responses/400/content/application~1json/schema/$ref")
                        .asText())
                .endsWith("OAuthError");
        assertThat(BANK.operation("post", "/oauth2/token").at("/requestBody")).isEqualTo(operation.at("/requestBody"));
    }

    @Test
    void anEmptyAnswerIs204() {
        var responses = BANK.operation("post", "/v1/auth/logout").path("responses");

        assertThat(names(responses)).contains("204").doesNotContain("200");
        assertThat(responses.path("204").has("content")).isFalse();
    }
}
