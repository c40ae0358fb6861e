package bank.standalone;

import bank.platform.events.CloudEventJson;
import bank.platform.events.UnprocessableEventException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.StringJoiner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// An event on a line: for people, or as JSON for programs.
final class EventLine {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final int TOPIC_WIDTH = 30;
    private static final String DIM = "2";
    private static final String BOLD = "1";
    private static final String RED = "31";
    // Those that can be read on black and on white.
    private static final String[] COLOURS = {"32", "33", "34", "35", "36"};

    private final boolean colour;

    /// @param colour a terminal shows it
    EventLine(boolean colour) {
        this.colour = colour;
    }

    /// Time (UTC), topic, key, version and what the event says, as far as it says anything.
    ///
    /// @param topic topic, without the installation's prefix
    String text(String topic, ConsumerRecord<String, byte[]> message) {
        try {
            var event = CloudEventJson.read(message.headers(), message.value());
            var time = event.getTime() == null
                    ? Instant.ofEpochMilli(message.timestamp())
                    : event.getTime().toInstant();
            return line(time, topic, event.getSubject(), said(event));
        } catch (UnprocessableEventException | IOException e) {
            var time = Instant.ofEpochMilli(message.timestamp());
            return line(time, topic, message.key(), painted(RED, plain(String.valueOf(e.getMessage()))));
        }
    }

    private String line(Instant time, String topic, @Nullable String key, String said) {
        var columns = "%-" + TOPIC_WIDTH + "s";
        return painted(DIM, TIME.format(time)) + "  "
                + painted(COLOURS[Math.floorMod(topic.hashCode(), COLOURS.length)], columns.formatted(plain(topic)))
                + "  " + painted(BOLD, key == null ? "-" : plain(key)) + "  " + said;
    }

    private String said(CloudEvent event) throws IOException {
        var words = new StringJoiner(" ");
        var version = event.getExtension("aggregateversion");
        if (version != null && !version.toString().equals("0")) {
            words.add(painted(DIM, "v" + plain(version.toString())));
        }
        var data = event.getData();
        var fields = JSON.readTree(data == null ? "{}".getBytes(StandardCharsets.UTF_8) : data.toBytes());
        fields.properties().stream()
                .filter(field -> says(field.getValue()))
                .forEach(field ->
                        words.add(painted(DIM, plain(field.getKey()) + "=") + plain(value(field.getValue()))));
        return words.toString();
    }

    private static boolean says(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> false;
            case BOOLEAN -> value.booleanValue();
            case STRING -> !value.textValue().isEmpty() && !value.textValue().endsWith("_UNSPECIFIED");
            default -> true;
        };
    }

    private static String value(JsonNode value) {
        return value.isTextual() && !value.textValue().contains(" ") ? value.textValue() : value.toString();
    }

    /// Topic, place, key and the event as it is, or what came instead as text.
    String json(String topic, ConsumerRecord<String, byte[]> message) {
        var line = JSON.createObjectNode()
                .put("topic", topic)
                .put("partition", message.partition())
                .put("offset", message.offset())
                .put("key", message.key());
        line.set("event", tree(message.value()));
        return line.toString();
    }

    private static JsonNode tree(byte @Nullable [] value) {
        if (value == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            return JsonNodeFactory.instance.textNode(new String(value, StandardCharsets.UTF_8));
        }
    }

    private String painted(String style, String text) {
        return colour ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
    }

    /// What comes from outside moves no cursor.
    private static String plain(String text) {
        var plain = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(plain::appendCodePoint);
        return plain.toString();
    }
}
