package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.SessionProtocol;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that go on where they broke off.
class ResumptionIT {
    private static final String EVENTS = "text/event-stream";
    private static final String FOLLOW = "/library/shelves/1/books:follow";
    private static final String LAST_EVENT_ID = "last-event-id";

    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge(Map.of("bank.edge.stream-retry", "PT7S"));

    @AutoClose
    private StreamClient client;

    @BeforeEach
    void open() {
        client = edge.client(SessionProtocol.H1C);
    }

    @Test
    void namesEachEventByTheIdOfItsMessage() {
        assertThat(client.get(FOLLOW + "?count=2", EVENTS).contentUtf8())
                .isEqualTo("retry: 7000\n\nid: books/1\ndata: {\"name\":\"books/1\",\"pages\":\"1\"}\n\n"
                        + "id: books/2\ndata: {\"name\":\"books/2\",\"pages\":\"2\"}\n\n");
    }

    @Test
    void namesNoEventOfAStreamThatCannotBeResumed() {
        assertThat(client.get("/library/shelves/1/books:watch?count=1", EVENTS).contentUtf8())
                .doesNotContain("id:");
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, StreamClient.LINES, "application/json"})
    void beginsAfterTheEventThatTheClientHas(String accept) {
        var answer = resumed(FOLLOW + "?count=4", accept, "books/2");
        assertThat(answer).contains("books/3", "books/4").doesNotContain("books/2", "books/1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"last_name", "lastName"})
    void goesByTheHeaderWhereTheQueryIsThatOfTheFirstRequest(String parameter) {
        var path = FOLLOW + "?count=3&" + parameter + "=books/1";
        assertThat(client.get(path, StreamClient.LINES).contentUtf8()).contains("books/2", "books/3");
        assertThat(resumed(path, StreamClient.LINES, "books/2"))
                .contains("books/3")
                .doesNotContain("books/2");
    }

    @Test
    void takesAnEmptyHeaderForNone() {
        assertThat(resumed(FOLLOW + "?count=1", StreamClient.LINES, "")).contains("books/1");
    }

    @Test
    void refusesTwoHeaders() {
        var answer = client.send(
                client.headers(HttpMethod.GET, FOLLOW + "?count=3")
                        .set(HttpHeaderNames.ACCEPT, EVENTS)
                        .add(LAST_EVENT_ID, "books/1")
                        .add(LAST_EVENT_ID, "books/2"),
                "");
        assertThat(answer.status().code()).isEqualTo(400);
        assertThat(answer.contentUtf8()).contains("\"reason\":\"INVALID_HEADER\"");
        assertThat(edge.library.calls).isEmpty();
    }

    @Test
    void passesTheHeaderOverWhereNothingCanBeResumed() {
        assertThat(resumed("/library/shelves/1/books:watch?count=1", StreamClient.LINES, "books/7"))
                .contains("books/1");
    }

    private String resumed(String path, String accept, String lastEventId) {
        return client.send(
                        client.headers(HttpMethod.GET, path)
                                .set(HttpHeaderNames.ACCEPT, accept)
                                .set(LAST_EVENT_ID, lastEventId),
                        "")
                .contentUtf8();
    }
}
