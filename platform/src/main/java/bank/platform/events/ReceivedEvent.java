package bank.platform.events;

import com.google.protobuf.ByteString;
import io.cloudevents.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// A message that came from Kafka, from its topic or from a retry topic.
///
/// @param key topic it was first published to, and its key; where it has none that can be kept, its place, so that
///     nothing waits for it
/// @param source source of the event; the topic when the message is no event
/// @param id id of the event; the place of the message when it is none
/// @param partition partition of the topic it was first published to
/// @param offset its place there
/// @param headers headers by name, without those of retries
/// @param value what came
/// @param event what it was read as; null when it is no event
/// @param fault why it is none; null when it is one
/// @param attempts how often it was tried before
/// @param due when it is to be tried again; null when it comes from its own topic
record ReceivedEvent(
        EventKey key,
        String source,
        String id,
        int partition,
        long offset,
        Map<String, String> headers,
        ByteString value,
        @Nullable CloudEvent event,
        @Nullable String fault,
        int attempts,
        @Nullable Instant due) {
    private static final String PREFIX = "retry-";
    private static final String TOPIC = PREFIX + "topic";
    private static final String PARTITION = PREFIX + "partition";
    private static final String OFFSET = PREFIX + "offset";
    private static final String ATTEMPTS = PREFIX + "attempts";
    private static final String DUE = PREFIX + "due";
    private static final String REASON = PREFIX + "reason";
    // With the names of consumer and topic below the 2,704 bytes that a row of an index may have.
    private static final int KEY_BYTES_MAX = 1_000;
    private static final int ID_BYTES_MAX = 500;

    /// A message from its topic.
    ///
    /// @param topic its topic, without the prefix
    static ReceivedEvent of(String topic, ConsumerRecord<String, byte[]> message) {
        return of(
                topic,
                message.key(),
                message.partition(),
                message.offset(),
                headers(message.headers()),
                message.value(),
                0,
                null);
    }

    /// A message from a retry topic.
    ///
    /// @throws UnprocessableEventException when it is none that was put there by a consumer
    static ReceivedEvent ofRetry(ConsumerRecord<String, byte[]> message) {
        var headers = headers(message.headers());
        try {
            return of(
                    needed(headers, TOPIC),
                    message.key(),
                    Integer.parseInt(needed(headers, PARTITION)),
                    Long.parseLong(needed(headers, OFFSET)),
                    headers,
                    message.value(),
                    Integer.parseInt(needed(headers, ATTEMPTS)),
                    Instant.ofEpochMilli(Long.parseLong(needed(headers, DUE))));
        } catch (NumberFormatException e) {
            throw new UnprocessableEventException("not put there by a consumer");
        }
    }

    /// A message that was kept.
    static ReceivedEvent ofKept(
            String topic, String key, int partition, long offset, Map<String, String> headers, byte[] value) {
        return of(topic, key, partition, offset, headers, value, 0, null);
    }

    /// The same turn of an event, with what was kept of it.
    ReceivedEvent withContentOf(ReceivedEvent kept) {
        return new ReceivedEvent(
                kept.key,
                kept.source,
                kept.id,
                kept.partition,
                kept.offset,
                kept.headers,
                kept.value,
                kept.event,
                kept.fault,
                attempts,
                due);
    }

    private static ReceivedEvent of(
            String topic,
            @Nullable String key,
            int partition,
            long offset,
            Map<String, String> allHeaders,
            byte @Nullable [] value,
            int attempts,
            @Nullable Instant due) {
        var headers = new LinkedHashMap<>(allHeaders);
        headers.keySet().removeIf(name -> name.startsWith(PREFIX));
        var place = place(topic, partition, offset);
        var eventKey = new EventKey(topic, key != null && storable(key, KEY_BYTES_MAX) ? key : place);
        var bytes = value == null ? ByteString.EMPTY : ByteString.copyFrom(value);
        try {
            var event = CloudEventJson.read(toKafka(headers), value);
            var source = event.getSource().toString();
            if (!storable(event.getId(), ID_BYTES_MAX) || !storable(source, ID_BYTES_MAX)) {
                throw new UnprocessableEventException("its id or source cannot be kept");
            }
            return new ReceivedEvent(
                    eventKey, source, event.getId(), partition, offset, headers, bytes, event, null, attempts, due);
        } catch (UnprocessableEventException e) {
            return new ReceivedEvent(
                    eventKey, topic, place, partition, offset, headers, bytes, null, e.getMessage(), attempts, due);
        }
    }

    // The event itself would be looked through.
    @Override
    public int hashCode() {
        return id.hashCode() * 31 + Long.hashCode(offset);
    }

    /// Where it was published first.
    String place() {
        return place(key.topic(), partition, offset);
    }

    private static String place(String topic, int partition, long offset) {
        return topic + "/" + partition + "/" + offset;
    }

    private static boolean storable(String text, int bytesMax) {
        return text.indexOf('\0') < 0 && text.getBytes(StandardCharsets.UTF_8).length <= bytesMax;
    }

    /// The headers that a retry topic needs beside its own.
    Map<String, String> retryHeaders(int attempt, Instant next, String reason) {
        var all = new LinkedHashMap<String, String>();
        all.put(TOPIC, key.topic());
        all.put(PARTITION, Integer.toString(partition));
        all.put(OFFSET, Long.toString(offset));
        all.put(ATTEMPTS, Integer.toString(attempt));
        all.put(DUE, Long.toString(next.toEpochMilli()));
        all.put(REASON, reason);
        return all;
    }

    private static String needed(Map<String, String> headers, String name) {
        var value = headers.get(name);
        if (value == null) {
            throw new UnprocessableEventException("not put there by a consumer: without " + name);
        }
        return value;
    }

    private static Map<String, String> headers(Headers from) {
        var headers = new LinkedHashMap<String, String>();
        from.forEach(header -> headers.put(
                withoutNul(header.key()),
                header.value() == null ? "" : withoutNul(new String(header.value(), StandardCharsets.UTF_8))));
        return headers;
    }

    /// What PostgreSQL takes as a text.
    static String withoutNul(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private static Headers toKafka(Map<String, String> from) {
        var headers = new RecordHeaders();
        from.forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }
}
