package bank.edge.upstream;

import bank.platform.grpc.Channels;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Whether services of other systems serve. What they say by `grpc.health.v1` counts; one that has no such answer
/// serves when it can be reached. Asking blocks for up to two seconds.
public final class FurtherHealth implements AutoCloseable {
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(1);

    /// How long an answer holds: probes, whoever sends them, cost a service one question in this time.
    private static final Duration ANSWER_LIFE = Duration.ofSeconds(1);

    private final Map<String, ManagedChannel> channels = new HashMap<>();
    private final Map<String, Supplier<Boolean>> serving = new HashMap<>();

    /// @param addresses `host:port`, or several with commas between, by the full name of a service
    public FurtherHealth(Map<String, String> addresses) {
        addresses.forEach((service, address) -> {
            ManagedChannel channel = channels.computeIfAbsent(address, Channels::open);
            serving.put(service, new Remembered<>(() -> serves(channel, service), ANSWER_LIFE, System::nanoTime));
        });
    }

    /// The service is one of another system.
    public boolean knows(String service) {
        return serving.containsKey(service);
    }

    /// The service of another system serves.
    public boolean serves(String service) {
        Supplier<Boolean> asked = serving.get(service);
        return asked != null && asked.get();
    }

    private static boolean serves(ManagedChannel channel, String service) {
        try {
            return says(channel, service);
        } catch (StatusRuntimeException e) {
            return isThere(e) && (e.getStatus().getCode() != Status.Code.NOT_FOUND || servesAsAWhole(channel));
        }
    }

    private static boolean servesAsAWhole(ManagedChannel channel) {
        try {
            return says(channel, "");
        } catch (StatusRuntimeException e) {
            return isThere(e);
        }
    }

    private static boolean isThere(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> false;
            default -> true;
        };
    }

    private static boolean says(ManagedChannel channel, String service) {
        // One that is back is noticed at the next question, and not minutes later.
        channel.resetConnectBackoff();
        return HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ANSWER_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS)
                        .check(HealthCheckRequest.newBuilder()
                                .setService(service)
                                .build())
                        .getStatus()
                == ServingStatus.SERVING;
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
