package bank.edge.transcode;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
    private static final List<MediaType> OFFERS =
            List.of(MediaType.JSON, MediaType.create("application", "x-ndjson"), MediaType.EVENT_STREAM);

    private static String best(String... lines) {
        var headers = RequestHeaders.builder(HttpMethod.GET, "/");
        for (String line : lines) {
            headers.add(HttpHeaderNames.ACCEPT, line);
        }
        return new Accept(headers.build())
                .best(OFFERS)
                .map(type -> type.type() + "/" + type.subtype())
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/* | application/json",
                "application/* | application/json",
                "text/* | text/event-stream",
                "text/event-stream | text/event-stream",
                "TEXT/Event-Stream | text/event-stream",
                "text/event-stream, */* | text/event-stream",
                "*/*, text/event-stream | text/event-stream",
                "application/json, text/plain, */* | application/json",
                "application/json, application/x-ndjson | application/json",
                "application/json;q=0.9, application/x-ndjson | application/x-ndjson",
                "application/json;q=0, */* | application/x-ndjson",
                "application/*;q=0, */*;q=0.1 | text/event-stream",
                "application/json;q=0.001 | application/json",
                "application/json;q=0 | none",
                "text/html, image/* | none",
                "application/json; charset=utf-8 | application/json",
                "application/json; profile=x | none",
                "nonsense, application/x-ndjson | application/x-ndjson",
                "nonsense | application/json",
                "'' | application/json",
            })
    void findsWhatTheClientLikesBest(String header, String expected) {
        assertThat(best(header)).isEqualTo(expected);
    }

    @Test
    void readsSeveralHeadersAsOne() {
        assertThat(best("application/json;q=0.5", "application/x-ndjson;q=0.6")).isEqualTo("application/x-ndjson");
        assertThat(best()).isEqualTo("application/json");
    }
}
