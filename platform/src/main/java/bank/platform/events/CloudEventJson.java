package bank.platform.events;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Events as CloudEvents 1.0, structured, in JSON. `data` is the ProtoJSON of the payload with the names of the .proto;
/// `type` the full name of the message, `subject` the key.
public final class CloudEventJson {
    /// Media type of an event.
    public static final String CONTENT_TYPE = io.cloudevents.jackson.JsonFormat.CONTENT_TYPE;

    /// Header of Kafka that says so.
    public static final String CONTENT_TYPE_HEADER = "content-type";

    static final String VERSION = "aggregateversion";
    static final String REQUEST_ID = "requestid";
    static final String TRACEPARENT = "traceparent";

    private static final io.cloudevents.jackson.JsonFormat FORMAT = new io.cloudevents.jackson.JsonFormat();
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer()
            .preservingProtoFieldNames()
            .alwaysPrintFieldsWithNoPresence()
            .omittingInsignificantWhitespace();
    // Later versions of an event may have more fields.
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private CloudEventJson() {}

    /// Writes an event.
    ///
    /// @param source who publishes it, e.g. `/identity-service`
    /// @param time when it happened
    /// @param requestId id of the request it came of, if any
    /// @param traceparent trace it belongs to, if any
    public static ByteString write(
            Event event, URI source, Instant time, @Nullable String requestId, @Nullable String traceparent) {
        var builder = CloudEventBuilder.v1()
                .withId(Uuid7.at(time.toEpochMilli()).toString())
                .withSource(source)
                .withType(event.payload().getDescriptorForType().getFullName())
                .withSubject(event.key())
                .withTime(time.atOffset(ZoneOffset.UTC))
                .withData("application/json", json(event.payload()))
                // A string, for integers end at 32 bits in CloudEvents.
                .withExtension(VERSION, Long.toString(event.version()));
        if (requestId != null) {
            builder.withExtension(REQUEST_ID, requestId);
        }
        if (traceparent != null) {
            builder.withExtension(TRACEPARENT, traceparent);
        }
        return ByteString.copyFrom(FORMAT.serialize(builder.build()));
    }

    private static byte[] json(Message payload) {
        try {
            return PRINTER.print(payload).getBytes(StandardCharsets.UTF_8);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "no JSON can tell this " + payload.getDescriptorForType().getFullName(), e);
        }
    }

    /// Reads a message of Kafka as an event, structured or binary.
    ///
    /// @throws UnprocessableEventException when it is none
    public static CloudEvent read(Headers headers, byte @Nullable [] value) {
        if (value == null) {
            throw new UnprocessableEventException("a message without a value");
        }
        CloudEvent event;
        try {
            event = KafkaMessageFactory.createReader(headers, value).toEvent();
        } catch (RuntimeException e) {
            throw new UnprocessableEventException("not a CloudEvent: " + kind(e));
        }
        if (event.getSpecVersion() != SpecVersion.V1) {
            throw new UnprocessableEventException("not a CloudEvent 1.0");
        }
        return event;
    }

    /// What an event says.
    ///
    /// @throws UnprocessableEventException when it says something else
    @SuppressWarnings("unchecked")
    public static <M extends Message> M payload(CloudEvent event, M prototype) {
        var data = event.getData();
        try {
            var builder = prototype.newBuilderForType();
            PARSER.merge(data == null ? "{}" : text(data), builder);
            return (M) builder.build();
        } catch (InvalidProtocolBufferException e) {
            // What the parser says quotes the data.
            throw new UnprocessableEventException("its data is no " + event.getType());
        }
    }

    private static String text(CloudEventData data) {
        return new String(data.toBytes(), StandardCharsets.UTF_8);
    }

    /// Version of what the event is about; 0 when it tells none.
    static long version(CloudEvent event) {
        var version = extension(event, VERSION);
        try {
            return version == null ? 0 : Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw new UnprocessableEventException(VERSION + " is no number");
        }
    }

    static @Nullable String extension(CloudEvent event, String name) {
        var value = event.getExtension(name);
        return value == null ? null : value.toString();
    }

    /// What is wrong, without what the messages of exceptions quote.
    private static String kind(RuntimeException e) {
        return e instanceof CloudEventRWException unreadable
                ? unreadable.getKind().toString()
                : e.getClass().getSimpleName();
    }
}
