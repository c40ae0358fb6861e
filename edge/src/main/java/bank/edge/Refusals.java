package bank.edge;

import bank.edge.events.AccessEvents;
import bank.edge.http.Metrics;
import bank.platform.failure.Failure;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Tells operators of requests that the server refuses before they are any, malformed or too long ones: by a line, an
/// event and a figure, as of others.
final class Refusals {
    private final AccessLog lines;
    private final @Nullable AccessEvents events;
    private final Metrics metrics;
    private final Clock clock;

    /// What is known of one.
    ///
    /// @param method UNKNOWN where the request could not be read so far
    /// @param bytes length of the answer's body
    record Refusal(Instant time, HttpMethod method, HttpStatus status, Failure failure, String requestId, int bytes) {}

    /// @param events null without Kafka
    Refusals(AccessLog lines, @Nullable AccessEvents events, Metrics metrics, Clock clock) {
        this.lines = lines;
        this.events = events;
        this.metrics = metrics;
        this.clock = clock;
    }

    void tell(HttpMethod method, HttpStatus status, Failure failure, String requestId, int bytes) {
        var refusal = new Refusal(clock.instant(), method, status, failure, requestId, bytes);
        lines.log(refusal);
        if (events != null) {
            events.refused(refusal.time(), method, status, requestId);
        }
        metrics.refused(status);
    }
}
