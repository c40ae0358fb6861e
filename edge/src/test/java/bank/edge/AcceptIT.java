package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptIT {
    private static TestBank bank;

    @BeforeAll
    static void start() {
        bank = new TestBank();
    }

    @AfterAll
    static void stop() {
        bank.close();
    }

    private static HttpResponse<String> get(String path, String accept) {
        return bank.send(bank.request(path).header("Accept", accept));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "APPLICATION/JSON;q=0.001",
                "application/*",
                "*/*;q=0.1",
                "text/html, application/json;q=0.9, */*;q=0",
                "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2, */*",
                "application/json; charset=utf-8",
                ""
            })
    void answersWhoTakesJson(String accept) {
        assertThat(get("/v1/abs/documents/789", accept).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/xml, text/*",
                "application/json;q=0",
                "application/json;q=0.000, */*",
                "application/*;q=0, */*;q=1",
                "application/problem+json"
            })
    void refusesWhoDoesNot(String accept) {
        var answer = get("/v1/abs/documents/789", accept);

        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"reason\":\"NOT_ACCEPTABLE\"", "application/json");
    }

    @Test
    void asksForTheTokenFirst() {
        var answer = bank.send(java.net.http.HttpRequest.newBuilder(bank.uri("/v1/abs/documents/789"))
                .header("Accept", "text/html"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    }

    @Test
    void leavesContentsAndOAuthToTheirOwnTypes() {
        assertThat(get("/v1/dbo/documents/5/content", "text/html").statusCode()).isEqualTo(200);
        assertThat(get("/.well-known/jwks.json", "text/html").statusCode()).isEqualTo(200);
    }
}
