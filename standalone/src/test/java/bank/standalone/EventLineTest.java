package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.events.CloudEventJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class EventLineTest {
    private static final String TOPIC = "document.status";
    private static final String EVENT = """
            {"specversion":"1.0","id":"1","source":"/document-service","type":"bank.v1.DocumentStatusChanged",
             "subject":"789","time":"2026-11-30T20:14:03.123Z","aggregateversion":"%s",
             "datacontenttype":"application/json","data":%s}""";

    private final EventLine plain = new EventLine(false);

    @Test
    void tellsTimeTopicKeyVersionAndWhatIsSaid() {
        var message =
                message(EVENT.formatted("3", "{\"document_id\":\"789\",\"status\":\"DOCUMENT_STATUS_PROCESSING\"}"));
        assertThat(plain.text(TOPIC, message))
                .isEqualTo("20:14:03.123  document.status                 789  v3 document_id=789"
                        + " status=DOCUMENT_STATUS_PROCESSING");
    }

    @Test
    void leavesOutWhatSaysNothing() {
        var message = message(EVENT.formatted(
                "0", "{\"a\":\"\",\"b\":false,\"c\":null,\"d\":0,\"e\":true,\"f\":\"STATE_UNSPECIFIED\"}"));
        assertThat(plain.text(TOPIC, message)).endsWith("789  d=0 e=true");
    }

    @Test
    void quotesWhatHasSpacesAndKeepsRussian() {
        var message = message(EVENT.formatted("0", "{\"detail\":\"pending to processing\",\"name\":\"Договор\"}"));
        assertThat(plain.text(TOPIC, message)).endsWith("789  detail=\"pending to processing\" name=Договор");
    }

    @Test
    void letsNothingFromOutsideMoveTheCursor() {
        var message = message(EVENT.formatted("0", "{\"detail\":\"\\u001b[2J\\u0007\\u009b1A\"}"));
        assertThat(plain.text(TOPIC, message)).endsWith("789  detail=?[2J??1A");
        assertThat(plain.text("a\u001bb", message)).contains("  a?b ");
    }

    @Test
    void tellsOfWhatIsNoEvent() {
        assertThat(plain.text(TOPIC, message("hello")))
                .startsWith("20:00:00.000  document.status                 k  not a CloudEvent");
        assertThat(plain.text(TOPIC, message(null))).endsWith("k  a message without a value");
    }

    @Test
    void paintsForTerminals() {
        var message = message(EVENT.formatted("3", "{\"status\":\"x\"}"));
        var painted = new EventLine(true).text(TOPIC, message);
        assertThat(painted).contains("\u001b[1m789\u001b[0m");
        assertThat(painted.replaceAll("\u001b\\[[0-9]+m", "")).isEqualTo(plain.text(TOPIC, message));
    }

    @Test
    void tellsProgramsTheEventAsItIs() {
        assertThat(plain.json(TOPIC, message("{\"specversion\":\n\"1.0\"}")))
                .isEqualTo("{\"topic\":\"document.status\",\"partition\":2,\"offset\":7,\"key\":\"k\","
                        + "\"event\":{\"specversion\":\"1.0\"}}");
        assertThat(plain.json(TOPIC, message("hello"))).endsWith("\"event\":\"hello\"}");
        assertThat(plain.json(TOPIC, message(null))).endsWith("\"event\":null}");
    }

    private static ConsumerRecord<String, byte[]> message(String value) {
        var headers = new RecordHeaders();
        headers.add(
                CloudEventJson.CONTENT_TYPE_HEADER, CloudEventJson.CONTENT_TYPE.getBytes(StandardCharsets.US_ASCII));
        return new ConsumerRecord<>(
                TOPIC,
                2,
                7,
                Instant.parse("2026-11-30T20:00:00Z").toEpochMilli(),
                TimestampType.CREATE_TIME,
                1,
                1,
                "k",
                value == null ? null : value.getBytes(StandardCharsets.UTF_8),
                headers,
                Optional.empty());
    }
}
