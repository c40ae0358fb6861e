package bank.edge.grpc;

import bank.edge.RequestLabels;
import bank.edge.http.AddressLimit;
import bank.platform.failure.Failure;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;

/// `grpc.health.v1` of the edge and of each service it offers.
public final class HealthAnswers extends HealthGrpc.HealthImplBase implements AutoCloseable {
    /// Most watchers at a time.
    public static final int WATCHERS_MAX = 1_000;

    /// Most of them from one address (IPv6: from one network of 64 bits).
    public static final int WATCHERS_OF_ONE_MAX = 64;

    private static final Duration WATCH_MAX = Duration.ofHours(1);
    private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);

    private final Set<String> services;
    private final Predicate<String> ready;
    private final HealthWatchers watchers;

    /// Answers for the whole edge, named by the empty string, and for each of the services.
    ///
    /// @param services full names of the services behind the edge
    /// @param ready asked by these names at every check, and every second while anybody watches; may block
    public HealthAnswers(Set<String> services, Predicate<String> ready) {
        this.services = Set.copyOf(services);
        this.ready = ready;
        this.watchers =
                new HealthWatchers(ready, LOOK_PAUSE, WATCHERS_MAX, WATCHERS_OF_ONE_MAX, WATCH_MAX, System::nanoTime);
    }

    private boolean knows(HealthCheckRequest request) {
        return request.getService().isEmpty() || services.contains(request.getService());
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        if (!knows(request)) {
            observer.onError(Failure.notFound("service").toStatus());
            return;
        }
        observer.onNext(HealthCheckResponse.newBuilder()
                .setStatus(ready.test(request.getService()) ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
                .build());
        observer.onCompleted();
    }

    /// Lasts until the watcher goes away or the edge stops, and an hour at most; then it ends as UNAVAILABLE.
    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        var ctx = ServiceRequestContext.current();
        ctx.clearRequestTimeout();
        watchers.add(
                AddressLimit.key(RequestLabels.address(ctx)),
                knows(request) ? request.getService() : null,
                (ServerCallStreamObserver<HealthCheckResponse>) observer);
    }

    /// Tells the watchers how it is now, without waiting for the next look.
    public void tellWatchers() {
        watchers.look();
    }

    /// Tells the watchers that the edge serves no more, and lets them go.
    @Override
    public void close() {
        watchers.close();
    }
}
