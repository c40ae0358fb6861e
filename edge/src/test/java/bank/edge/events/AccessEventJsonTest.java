package bank.edge.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.auth.Principal;
import bank.platform.events.CloudEventJson;
import bank.v1.AccessLogged;
import bank.v1.Role;
import com.google.protobuf.Duration;
import com.linecorp.armeria.common.HttpMethod;
import io.cloudevents.CloudEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessEventJsonTest {
    private static final Instant TIME = Instant.parse("2026-11-30T20:15:30.123Z");

    private final AccessEventJson json = new AccessEventJson();

    @Test
    void isACloudEventAsThoseOfTheServices() {
        var event = read(new AccessEvent(
                TIME.toEpochMilli(),
                HttpMethod.GET,
                "/v1/abs/documents/{id}",
                200,
                1_234_567_890L,
                new Principal.User(17, Role.ROLE_CLIENT, "s"),
                "req-1"));

        assertThat(event.getType()).isEqualTo("bank.v1.AccessLogged");
        assertThat(event.getSource()).hasToString("/edge");
        assertThat(event.getSubject()).isEqualTo("req-1");
        assertThat(event.getTime()).isEqualTo(TIME.atOffset(ZoneOffset.UTC));
        assertThat(event.getExtension("aggregateversion")).isEqualTo("0");
        assertThat(event.getExtension("requestid")).isEqualTo("req-1");
        assertThat(UUID.fromString(event.getId()).version()).isEqualTo(7);
        assertThat(CloudEventJson.payload(event, AccessLogged.getDefaultInstance()))
                .isEqualTo(AccessLogged.newBuilder()
                        .setRequestId("req-1")
                        .setMethod("GET")
                        .setPathTemplate("/v1/abs/documents/{id}")
                        .setStatus(200)
                        .setDuration(Duration.newBuilder().setSeconds(1).setNanos(234_567_000))
                        .setCaller("user:17")
                        .build());
    }

    @Test
    void tellsNeitherPathNorCallerWhereThereAreNone() {
        var event = read(new AccessEvent(0, HttpMethod.UNKNOWN, null, 404, 0, null, "req-2"));

        assertThat(CloudEventJson.payload(event, AccessLogged.getDefaultInstance()))
                .isEqualTo(AccessLogged.newBuilder()
                        .setRequestId("req-2")
                        .setMethod("UNKNOWN")
                        .setStatus(404)
                        .setDuration(Duration.getDefaultInstance())
                        .build());
    }

    @Test
    void namesMachinesAsLogsDo() {
        var machine = new Principal.Machine("abs-integration", Set.of());
        var event = read(new AccessEvent(0, HttpMethod.GET, "/", 200, 0, machine, "req-3"));
        assertThat(CloudEventJson.payload(event, AccessLogged.getDefaultInstance())
                        .getCaller())
                .isEqualTo("client:abs-integration");
    }

    @ParameterizedTest
    @CsvSource({"0, 0.000000s", "999, 0.000000s", "1000, 0.000001s", "999999999, 0.999999s", "61000001000, 61.000001s"})
    void tellsTimesToTheMicrosecond(long nanos, String duration) {
        var written = json.write(new AccessEvent(0, HttpMethod.GET, "/", 200, nanos, null, "req-4"));
        assertThat(new String(written, StandardCharsets.UTF_8)).contains("\"duration\":\"" + duration + "\"");
    }

    @Test
    void givesEachAnIdOfItsOwn() {
        var event = new AccessEvent(0, HttpMethod.GET, "/", 200, 0, null, "req-5");
        assertThat(read(event).getId()).isNotEqualTo(read(event).getId());
    }

    private CloudEvent read(AccessEvent event) {
        var headers = new RecordHeaders();
        headers.add(
                CloudEventJson.CONTENT_TYPE_HEADER, CloudEventJson.CONTENT_TYPE.getBytes(StandardCharsets.US_ASCII));
        return CloudEventJson.read(headers, json.write(event));
    }
}
