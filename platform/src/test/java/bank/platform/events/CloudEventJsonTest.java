package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.v1.DocumentStatusChanged;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventJsonTest {
    private static final Headers HEADERS = new RecordHeaders()
            .add(CloudEventJson.CONTENT_TYPE_HEADER, CloudEventJson.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));

    private static byte[] event(String data) {
        return """
                {"specversion":"1.0","id":"x","source":"/x","type":"bank.v1.DocumentStatusChanged","data":%s}""".formatted(data).getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"document_id\":\"AB123456C\"}",
                "{\"deleted\":\"AB123456C\"}",
                "{\"actor\":{\"AB123456C\":\"AB123456C\"}}",
                "\"AB123456C\""
            })
    void aReasonDoesNotQuoteTheData(String data) {
        var event = CloudEventJson.read(HEADERS, event(data));

        assertThatExceptionOfType(UnprocessableEventException.class)
                .isThrownBy(() -> CloudEventJson.payload(event, DocumentStatusChanged.getDefaultInstance()))
                .withMessage("its data is no bank.v1.DocumentStatusChanged");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":AB123456C}",
                "AB123456C",
                "{\"specversion\":\"AB123456C\"}",
                "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"not a AB123456C\",\"type\":\"y\"}",
                "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"/y\",\"type\":\"y\",\"time\":\"AB123456C\"}"
            })
    void aReasonDoesNotQuoteWhatIsNoEvent(String value) {
        assertThatExceptionOfType(UnprocessableEventException.class)
                .isThrownBy(() -> CloudEventJson.read(HEADERS, value.getBytes(StandardCharsets.UTF_8)))
                .withMessageStartingWith("not a CloudEvent")
                .withMessageNotContaining("AB123456C");
    }
}
