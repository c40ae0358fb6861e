package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The id of a request, from the client to the log.
class RequestIdIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    @Test
    void standsOnTheLinesOfTheServicesBehindTheEdge() throws Exception {
        var http = new Http(bank.uri());
        var first = refreshToken(http.json("POST", "/v1/auth/login", "", """
                {"email": "client2@demo.test", "password": "%s"}""".formatted(RunningBank.PASSWORD)));
        var second = refreshToken(refresh(http, first, "turn-1"));
        refresh(http, second, "turn-2").expect(200);

        var id = "reuse-" + UUID.randomUUID();
        refresh(http, first, id).expect(401);

        Eventually.holds("the line of the reuse has the id", Duration.ofSeconds(20), () -> hasLine(id));
    }

    private static boolean hasLine(String id) throws IOException {
        return Files.readAllLines(bank.log()).stream()
                .anyMatch(line -> line.contains("a spent refresh token was used") && line.contains("request_id=" + id));
    }

    private static Http.Reply refresh(Http http, String token, String id) {
        return http.json(
                "POST", "/v1/auth/refresh", "", "{\"refresh_token\": \"%s\"}".formatted(token), "X-Request-Id", id);
    }

    private static String refreshToken(Http.Reply reply) {
        var token = reply.expect(200).json().path("refresh_token").asText();
        assertThat(token).isNotEmpty();
        return token;
    }
}
