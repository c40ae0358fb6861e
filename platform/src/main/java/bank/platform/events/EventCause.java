package bank.platform.events;

import bank.platform.grpc.Call;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What an event comes of: the running call, or the event whose effect is being applied.
///
/// @param requestId id of the request at the beginning; null when there was none
/// @param traceparent trace it belongs to; null when there is none
record EventCause(@Nullable String requestId, @Nullable String traceparent) {
    /// The event whose effect is being applied.
    static final ScopedValue<EventCause> APPLIED = ScopedValue.newInstance();

    static EventCause current() {
        return APPLIED.isBound()
                ? APPLIED.get()
                : new EventCause(
                        of(call -> Optional.of(call.requestId())),
                        of(call -> Optional.ofNullable(call.header("traceparent"))));
    }

    static EventCause of(ReceivedEvent received) {
        var event = received.event();
        return event == null
                ? new EventCause(null, null)
                : new EventCause(
                        CloudEventJson.extension(event, CloudEventJson.REQUEST_ID),
                        CloudEventJson.extension(event, CloudEventJson.TRACEPARENT));
    }

    private static @Nullable String of(Function<Call, Optional<String>> value) {
        return Call.running().flatMap(value).orElse(null);
    }
}
