package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.TestDocuments;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Watching documents over HTTP, through everything.
@Timeout(120)
class WatchDocumentsIT {
    private static final String WATCH = "/v1/abs/documents:watch";
    private static final String EVENTS = "text/event-stream";
    private static final String LINES = "application/x-ndjson";

    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    @AutoClose
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http http;
    private String owner;
    private String other;
    private String employee;

    @BeforeEach
    void signIn() {
        http = new Http(bank.uri());
        owner = http.token("client@demo.test", RunningBank.PASSWORD);
        other = http.token("client2@demo.test", RunningBank.PASSWORD);
        employee = http.token("employee@demo.test", RunningBank.PASSWORD);
    }

    @Test
    void goesOnAfterTheLastEventOfABrowserThatWasCutOff() throws Exception {
        String last;
        long id;
        try (var events = new Stream(open(WATCH, owner, EVENTS))) {
            assertThat(events.nextEvent().data().has("change")).isFalse();
            id = upload(owner);
            var uploaded = events.nextEvent();
            assertThat(uploaded.data().at("/change/document_id").asLong()).isEqualTo(id);
            assertThat(uploaded.data().at("/change/type").asText()).isEqualTo("uploaded");
            assertThat(uploaded.id()).isEqualTo(uploaded.data().path("id").asText());
            last = uploaded.id();
        }
        move(id, "processing");
        upload(other);
        move(id, "processed");
        try (var events = new Stream(open(WATCH + "?after=0", owner, EVENTS, "Last-Event-ID", last))) {
            assertThat(events.nextEvent().id()).isEqualTo(last);
            assertThat(List.of(events.nextEvent(), events.nextEvent()))
                    .extracting(event -> event.data().at("/change/document_id").asLong() + " "
                            + event.data().at("/change/from_status").asText() + " "
                            + event.data().at("/change/status").asText())
                    .containsExactly(id + " pending processing", id + " processing processed");
        }
    }

    @Test
    void tellsLinesOfJson() throws Exception {
        try (var lines = new Stream(open(WATCH, employee, LINES))) {
            var place = lines.nextLine().path("id").asText();
            var id = upload(other);
            assertThat(lines.nextLine().at("/change/document_id").asLong()).isEqualTo(id);
            try (var again = new Stream(open(WATCH + "?after=" + place, employee, LINES))) {
                again.nextLine();
                assertThat(again.nextLine().at("/change/document_id").asLong()).isEqualTo(id);
            }
        }
    }

    @Test
    void neverTellsClientsOfDocumentsOfOthers() throws Exception {
        try (var events = new Stream(open(WATCH, other, EVENTS))) {
            events.nextEvent();
            var id = upload(owner);
            move(id, "processing");
            var own = upload(other);
            assertThat(events.nextEvent().data().at("/change/document_id").asLong())
                    .isEqualTo(own);
        }
        var user = http.get("/v1/users/me", owner).json().at("/user/id").asLong();
        assertThat(http.get(WATCH + "?user_id=" + user, other).expect(404).reason())
                .isEqualTo("NOT_FOUND");
    }

    @Test
    void endsWithItsTimeAndSaysSo() {
        var answer = http.get(WATCH, owner, "Accept", EVENTS, "X-Request-Timeout", "1s")
                .expect(200);
        assertThat(answer.text()).contains("event: error\n", "DEADLINE_EXCEEDED");
    }

    @Test
    void refusesAPlaceThatIsNone() {
        assertThat(http.get(WATCH, owner, "Accept", EVENTS, "Last-Event-ID", "999999999999")
                        .expect(400)
                        .reason())
                .isEqualTo("WATCH_POSITION_GONE");
        assertThat(http.get(WATCH, owner, "Last-Event-ID", "x").expect(400).reason())
                .isEqualTo("INVALID_FIELD");
    }

    private long upload(String token) {
        return http.raw(
                        "POST",
                        "/v1/dbo/documents?description=watched",
                        token,
                        TestDocuments.bytes("rent-contract.pdf"),
                        "Content-Type",
                        "application/pdf")
                .expect(201)
                .json()
                .path("document_id")
                .asLong();
    }

    private void move(long id, String status) {
        http.json("PUT", "/v1/abs/documents/" + id + "/status", employee, "{\"status\":\"" + status + "\"}")
                .expect(200);
    }

    private HttpResponse<InputStream> open(String path, String token, String accept, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(bank.uri().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .header("Accept", accept);
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = client.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private record Event(String id, JsonNode data) {}

    /// An answer under way.
    private static final class Stream implements AutoCloseable {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final BufferedReader reader;

        Stream(HttpResponse<InputStream> answer) {
            reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        JsonNode nextLine() throws IOException {
            return JSON.readTree(reader.readLine());
        }

        /// The next event, comments and the pause for retries passed over.
        Event nextEvent() throws IOException {
            var fields = new ArrayList<String>();
            while (true) {
                var line = reader.readLine();
                assertThat(line).as("the stream ended").isNotNull();
                if (!line.isEmpty()) {
                    fields.add(line);
                } else if (fields.stream().anyMatch(field -> field.startsWith("data: "))) {
                    return new Event(value(fields, "id: "), JSON.readTree(value(fields, "data: ")));
                } else {
                    fields.clear();
                }
            }
        }

        private static String value(List<String> fields, String name) {
            return fields.stream()
                    .filter(field -> field.startsWith(name))
                    .map(field -> field.substring(name.length()))
                    .findFirst()
                    .orElse("");
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
