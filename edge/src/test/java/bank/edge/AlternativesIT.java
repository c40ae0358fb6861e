package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Forms of one answer at one path.
class AlternativesIT {
    private static final String BOOK = "/library/shelves/1/books/2";
    private static final String JSON = "application/json";
    private static final String SVG = "image/svg+xml";

    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge();

    private static HttpResponse<String> get(String query, String accept) {
        var request = edge.bank.request(BOOK + query);
        if (!accept.isEmpty()) {
            request.header("Accept", accept);
        }
        return edge.bank.send(request);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''            | ''                                      | application/json",
                "''            | */*                                     | application/json",
                "''            | application/json                        | application/json",
                "''            | image/svg+xml                           | image/svg+xml",
                "''            | image/*                                 | image/svg+xml",
                "''            | application/json;q=0.5, image/svg+xml    | image/svg+xml",
                "''            | application/json, image/svg+xml;q=0.5    | application/json",
                "''            | text/html, image/svg+xml, */*;q=0.8      | image/svg+xml",
                "?format=svg   | ''                                      | image/svg+xml",
                "?format=svg   | application/json                        | image/svg+xml",
                "?format=json  | image/svg+xml                           | application/json",
                "?form%61t=svg | ''                                      | image/svg+xml"
            })
    void isChosenByNameThenByLiking(String query, String accept, String type) {
        var answer = get(query, accept);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith(type);
        assertThat(answer.body()).startsWith(type.equals(SVG) ? "<svg" : "{");
        assertThat(answer.headers().allValues("vary")).contains("Accept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?format=pdf", "?format=", "?format=SVG", "?format=svg&format=json"})
    void refusesAFormThatIsNone(String query) {
        var answer = get(query, "");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("INVALID_FIELD", "\"field\":\"format\"", "json, svg");
    }

    @Test
    void refusesAClientWhoTakesNone() {
        var answer = get("", "application/pdf");

        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(answer.body()).contains("NOT_ACCEPTABLE", JSON, SVG);
        assertThat(String.join(",", answer.headers().allValues("vary"))).containsIgnoringCase("accept");
    }

    @Test
    void elsewhereFormatIsAFieldLikeAnyOther() {
        assertThat(edge.bank.get(BOOK + ":title?format=svg").headers().firstValue("content-type"))
                .contains("application/json");
    }

    @Test
    void isOneOperationInTheDescription() {
        var description = edge.bank.get("/openapi.yaml").body();

        assertThat(description).contains("image/svg+xml").doesNotContain("Library_DrawBook");
        String operation = description.substring(description.indexOf("Library_GetBook\""));
        assertThat(operation.substring(0, operation.indexOf("operationId")))
                .containsSubsequence("name: \"format\"", "enum:", "\"json\"", "\"svg\"");
    }
}
