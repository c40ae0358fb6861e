package bank.edge.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.edge.json.JsonMode;
import bank.edge.route.ServiceSet.Treatment;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The document of services of odd shapes, in both mappings.
class OddShapesTest {
    private static final OpenApiDocuments HOUSE =
            OpenApiDocuments.odd(new Treatment(JsonMode.HOUSE, Set.of(), Optional.of("odd:do"), false));
    private static final OpenApiDocuments STANDARD =
            OpenApiDocuments.odd(new Treatment(JsonMode.STANDARD, Set.of("odd.Shelves"), Optional.empty(), false));
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(JsonMode.class)
    void isValidByTheSchemaOfOpenApi(JsonMode mode) {
        assertThat(JsonSchemas.faults((mode == JsonMode.HOUSE ? HOUSE : STANDARD).root()))
                .isEmpty();
    }

    private static List<String> names(JsonNode node) {
        return node.propertyStream().map(member -> member.getKey()).toList();
    }

    @Test
    void whatCannotBeDescribedIsNamed() {
        assertThat(OpenApiDocuments.ofOne("GetBook").json()).contains("/library/");
        // Another form of an answer there is none of: no routes of an edge are so.
        assertThatThrownBy(() -> OpenApiDocuments.ofOne("DrawBook"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /library/{name=shelves/*/books/*} (/library.Library/DrawBook)")
                .hasMessageContaining("cannot be described by OpenAPI");
    }

    @Test
    void boundsInTheUpperHalfOfUnsignedIntegersArePositive() {
        var huge = HOUSE.property("odd.EverythingInput", "huge");

        assertThat(huge.path("minimum").asText()).isEqualTo("9223372036854775808");
        assertThat(huge.path("maximum").asText()).isEqualTo("18446744073709551614");
    }

    @Test
    void aServiceThatMayNotSetTheStatusAnswersNoParts() {
        var film = HOUSE.operation("get", "/odd/film");

        assertThat(names(film.path("responses"))).contains("200").doesNotContain("206", "416");
        assertThat(HOUSE.parameters(film)).doesNotContain("Range", "If-Range");
        assertThat(names(film.at("/responses/200/content"))).containsExactly("*/*");
    }

    @Test
    void aVariableOfSeveralSegmentsIsSeveralPlaceholders() {
        var operation = HOUSE.operation("get", "/odd/shelves/{name}/books/{name_2}");

        assertThat(HOUSE.parameters(operation)).startsWith("name", "name_2").doesNotHaveDuplicates();
        assertThat(HOUSE.parameter(operation, "name_2").path("required").asBoolean())
                .isTrue();
        assertThat(HOUSE.parameter(HOUSE.operation("get", "/odd/files/{name}"), "name")
                        .path("description")
                        .asText())
                .contains("slashes included");
        assertThat(names(HOUSE.root().path("paths"))).contains("/odd/{segment_1}/count:all");
    }

    @Test
    void pathsOfOneShapeAreOnePath() {
        assertThat(names(HOUSE.root().path("paths").path("/odd/books/{book.id}")))
                .containsExactly("patch", "delete");
        var delete = HOUSE.operation("delete", "/odd/books/{book.id}");
        assertThat(HOUSE.parameters(delete)).contains("book.id");
        assertThat(delete.path("deprecated").asBoolean()).isTrue();
    }

    @Test
    void aBodyThatIsAFieldLeavesTheOthersToTheQuery() {
        var operation = HOUSE.operation("patch", "/odd/books/{book.id}");
        var body = operation
                .at("/requestBody/content/application~1json/schema/$ref")
                .asText()
                .replaceFirst(".*/", "");

        assertThat(HOUSE.parameters(operation)).contains("book.id", "loud").doesNotContain("book.title");
        assertThat(names(HOUSE.schema(body).path("properties")))
                .contains("title")
                .doesNotContain("id");
        assertThat(HOUSE.schema(body).path("required")).hasToString("[\"title\"]");
    }

    @Test
    void typesThatHoldThemselvesEnd() {
        assertThat(HOUSE.property("odd.Book", "parts").at("/items/$ref").asText())
                .isEqualTo("#/components/schemas/odd.Book");
    }

    @Test
    void queriesNameNestedFieldsByTheirPathAndLeaveOutWhatHasNoText() {
        var operation = HOUSE.operation("get", "/odd/search");

        assertThat(HOUSE.parameters(operation))
                .contains("exact", "tags", "inner.day", "time", "wrapped", "amount")
                .doesNotContain("counts", "inners", "free", "any", "inner", "inner.inner.day");
        assertThat(STANDARD.parameters(STANDARD.operation("get", "/odd/search")))
                .contains("oneOf", "inner.day.year");
    }

    @Test
    void responseBodyAndStreamsAndFilesAreTold() {
        assertThat(HOUSE.operation("get", "/odd/search")
                        .at("/responses/200/content/application~1json/schema/type")
                        .asText())
                .isEqualTo("array");
        assertThat(names(HOUSE.operation("get", "/odd/watch").at("/responses/200/content")))
                .containsExactly("application/json", "application/x-ndjson", "text/event-stream");
    }

    private static JsonNode schema(JsonNode content, String type) {
        return content.path(type).path("schema");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/odd/import", "/odd/import:all"})
    void aStreamComesInAsLinesOrAnArray(String path) throws Exception {
        var body = HOUSE.operation("post", path).path("requestBody");
        var content = body.path("content");
        String book = "{\"id\":1,\"title\":\"t\",\"parts\":[]}";
        String message = path.endsWith(":all") ? "{\"book\":" + book + ",\"loud\":true}" : book;

        assertThat(body.has("required")).isFalse();
        assertThat(names(content)).containsExactly("application/x-ndjson", "application/json");
        assertThat(schema(content, "application/json").path("type").asText()).isEqualTo("array");
        for (String good : List.of("[]", "[" + message + "," + message + "]")) {
            assertThat(JsonSchemas.faults(HOUSE.root(), schema(content, "application/json"), JSON.readTree(good)))
                    .isEmpty();
        }
        for (String bad : List.of(message, "[" + message + ",{\"dull\":1}]")) {
            assertThat(JsonSchemas.faults(HOUSE.root(), schema(content, "application/json"), JSON.readTree(bad)))
                    .isNotEmpty();
        }
        assertThat(schema(content, "application/x-ndjson").path("description").asText())
                .contains("each is one such message");
        assertThat(JsonSchemas.faults(HOUSE.root(), schema(content, "application/x-ndjson"), JSON.readTree(message)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/json     | [BOOK,BOOK]            | BOOK
            application/json     | []                     | [1]
            application/json     | [BOOK,{"@error":PROBLEM}] | [BOOK,{"error":PROBLEM}]
            application/x-ndjson | BOOK                   | [BOOK]
            application/x-ndjson | {"@error":PROBLEM}     | PROBLEM
            text/event-stream    | BOOK                   | {"@error":PROBLEM}
            text/event-stream    | PROBLEM                | 1
            """)
    void aStreamGoesOutWithTheFailureItEndsIn(String type, String good, String bad) throws Exception {
        var content = HOUSE.operation("get", "/odd/watch").at("/responses/200/content");

        assertThat(JsonSchemas.faults(HOUSE.root(), schema(content, type), JSON.readTree(elements(good))))
                .isEmpty();
        assertThat(JsonSchemas.faults(HOUSE.root(), schema(content, type), JSON.readTree(elements(bad))))
                .isNotEmpty();
        assertThat(schema(content, type).path("description").asText()).isNotEmpty();
    }

    private static String elements(String text) {
        return text.replace("BOOK", "{\"id\":1,\"title\":\"t\",\"parts\":[],\"shelf\":\"a\"}")
                .replace(
                        "PROBLEM",
                        "{\"type\":\"/problems/a\",\"title\":\"A\",\"status\":500,\"detail\":\"a\","
                                + "\"code\":\"INTERNAL\",\"reason\":\"INTERNAL\",\"request_id\":\"a\"}");
    }

    @Test
    void aStreamOfOneFieldIsToldByThatField() {
        var content = HOUSE.operation("post", "/odd/exchange").at("/responses/200/content");

        assertThat(content.at("/application~1json/schema/items/anyOf/0/type").asText())
                .isEqualTo("string");
        assertThat(content.at("/application~1x-ndjson/schema/anyOf/1/$ref").asText())
                .endsWith("StreamFailure");
    }

    @ParameterizedTest
    @EnumSource(JsonMode.class)
    void bytesAreOfAnyType(JsonMode mode) {
        var document = mode == JsonMode.HOUSE ? HOUSE : STANDARD;
        var drawn = document.operation("post", "/odd/draw").at("/requestBody/content");
        var picture = document.operation("get", "/odd/picture").at("/responses/200/content");

        assertThat(names(drawn)).containsExactly("*/*");
        assertThat(drawn.at("/*~1*/schema/maxLength").asLong()).isEqualTo(4L << 30);
        assertThat(names(picture)).containsExactly("*/*");
        assertThat(picture.at("/*~1*/schema/format").asText()).isEqualTo("binary");
    }

    @Test
    void errorsOfTheComment() {
        var responses =
                HOUSE.operation("get", "/odd/shelves/{name}/books/{name_2}").path("responses");

        assertThat(responses.at("/404/description").asText()).contains("`BOOK_LOST`");
        assertThat(responses.at("/400/description").asText()).contains("`BOOK_LENT`");
        assertThat(HOUSE.operation("get", "/odd/shelves/{name}/books/{name_2}")
                        .path("summary")
                        .asText())
                .isEqualTo("Gets a book");
    }

    @Test
    void houseConventionsHoldInHouseModeAlone() {
        assertThat(HOUSE.parameters(HOUSE.operation("delete", "/odd/books/{book.id}")))
                .contains("IdempotencyKey");
        assertThat(names(HOUSE.operation("delete", "/odd/books/{book.id}").path("responses")))
                .contains("204", "401");
        var standard = STANDARD.operation("delete", "/odd/books/{book.id}");
        assertThat(STANDARD.parameters(standard)).doesNotContain("IdempotencyKey", "IfMatch");
        assertThat(names(standard.path("responses"))).contains("200").doesNotContain("204", "401");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            exact    | "abcde" | "abcd"
            prefixed | "a.xz"  | "abxz"
            one_of   | "red"   | "green"
            guid     | ""      | 5
            small    | 9       | 10
            small    | -1      | -2
            count    | 4294967295 | 4294967296
            large    | 18446744073709551615 | 18446744073709551616
            large    | 0       | -1
            whole    | 9223372036854775807 | 9223372036854775808
            whole    | -9223372036854775808 | -9223372036854775809
            ratio    | 1       | 0
            ratio    | "NaN"   | "nan"
            data     | "YWJjZA==" | "YWJjZGVmZw=="
            kind     | "second" | "third"
            kind     | "first" | "unspecified"
            tags     | ["ab"]  | []
            tags     | ["ab","cd","ef"] | ["ab","cd","ef","gh"]
            tags     | ["ab","cd"] | ["ab","ab"]
            tags     | ["ab"]  | ["a"]
            counts   | {"a":1,"b":2} | {"a":1,"b":2,"c":3}
            inners   | {"1":{}} | {"x":{}}
            pause    | "1.5s"  | "1.5"
            wrapped  | "x"     | {"value":"x"}
            amount   | "-1.50" | "one"
            inner    | {"day":"2023-10-25"} | {"dey":"2023-10-25"}
            coded    | "12345678" | "123456789"
            """)
    void rulesAreKept(String field, String good, String bad) throws Exception {
        JsonNode schema = HOUSE.property("odd.EverythingInput", field);

        assertThat(schema.isMissingNode()).isFalse();
        assertThat(JsonSchemas.faults(HOUSE.root(), schema, JSON.readTree(good)))
                .isEmpty();
        assertThat(JsonSchemas.faults(HOUSE.root(), schema, JSON.readTree(bad))).isNotEmpty();
    }

    @Test
    void whatNoKeywordSaysIsSaidInWords() {
        assertThat(HOUSE.property("odd.EverythingInput", "lax")
                        .path("description")
                        .asText())
                .contains("(?i)^x");
        assertThat(HOUSE.property("odd.EverythingInput", "ruled")
                        .path("description")
                        .asText())
                .isEqualTo("Refused when it is unruly.");
        assertThat(HOUSE.property("odd.EverythingInput", "coded").path("examples"))
                .hasToString("[\"abc\"]");
        assertThat(HOUSE.property("odd.EverythingInput", "sure")
                        .path("deprecated")
                        .asBoolean())
                .isTrue();
        assertThat(HOUSE.schema("odd.EverythingInput")
                        .path("required")
                        .valueStream()
                        .map(JsonNode::asText))
                .contains("exact", "prefixed", "one_of", "link", "kind", "tags")
                .doesNotContain("guid", "small", "sure");
    }

    @Test
    void aOneofTakesOneMember() throws Exception {
        var schema = HOUSE.schema("odd.Book");

        assertThat(JsonSchemas.faults(HOUSE.root(), schema, book("\"shelf\":\"a\"")))
                .isEmpty();
        assertThat(JsonSchemas.faults(HOUSE.root(), schema, book("\"kind\":1"))).isEmpty();
        assertThat(JsonSchemas.faults(HOUSE.root(), schema, book("\"shelf\":\"a\",\"box\":1")))
                .isNotEmpty();
    }

    private static JsonNode book(String more) throws Exception {
        return JSON.readTree("{\"id\":1,\"title\":\"t\",\"parts\":[]," + more + "}");
    }

    @Test
    void standardModeIsPlainProtoJson() {
        var properties = STANDARD.schema("odd.Everything").path("properties");

        assertThat(names(properties)).contains("oneOf").doesNotContain("one_of");
        assertThat(properties.at("/large/type").asText()).isEqualTo("string");
        assertThat(STANDARD.schema("odd.Everything").has("required")).isFalse();
        assertThat(STANDARD.schema("odd.Everything.Kind").path("enum"))
                .hasToString("[\"KIND_UNSPECIFIED\",\"KIND_FIRST\",\"KIND_SECOND\",\"KIND_THIRD\"]");
    }
}
