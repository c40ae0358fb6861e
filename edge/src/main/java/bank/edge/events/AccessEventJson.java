package bank.edge.events;

import bank.v1.AccessLogged;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// Requests as CloudEvents in JSON, as those of the services are, written without messages in between: there are as
/// many of them as requests. For one thread.
final class AccessEventJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String SOURCE = "/edge";
    private static final String TYPE = AccessLogged.getDescriptor().getFullName();
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);

    byte[] write(AccessEvent event) {
        buffer.reset();
        try (var json = JSON.createGenerator(buffer)) {
            json.writeStartObject();
            json.writeStringField("specversion", "1.0");
            json.writeStringField("id", id(event.millis()).toString());
            json.writeStringField("source", SOURCE);
            json.writeStringField("type", TYPE);
            json.writeStringField("datacontenttype", "application/json");
            json.writeStringField("subject", event.requestId());
            json.writeStringField("time", Instant.ofEpochMilli(event.millis()).toString());
            json.writeStringField("aggregateversion", "0");
            json.writeStringField("requestid", event.requestId());
            json.writeFieldName("data");
            data(event, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer.toByteArray();
    }

    private static void data(AccessEvent event, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("request_id", event.requestId());
        json.writeStringField("method", event.method().name());
        json.writeStringField("path_template", event.route() == null ? "" : event.route());
        json.writeNumberField("status", event.status());
        json.writeStringField("duration", seconds(event.nanos()));
        json.writeStringField(
                "caller", event.caller() == null ? "" : event.caller().name());
        json.writeEndObject();
    }

    /// A duration as ProtoJSON has it, to the microsecond.
    private static String seconds(long nanos) {
        long micros = nanos / NANOS_PER_MICRO;
        String fraction = Long.toString(MICROS_PER_SECOND + micros % MICROS_PER_SECOND);
        return micros / MICROS_PER_SECOND + "." + fraction.substring(1) + "s";
    }

    /// A UUID of version 7 (RFC 9562), which is no secret.
    private static UUID id(long millis) {
        var random = ThreadLocalRandom.current();
        long high = (millis << 16) | 0x7000L | (random.nextLong() & 0x0fffL);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
