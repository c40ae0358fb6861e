package bank.edge.grpc;

import bank.platform.failure.Failure;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// `grpc.health.v1` of the edge: every service it offers is as ready as the edge itself.
public final class HealthAnswers extends HealthGrpc.HealthImplBase {
    private final Set<String> services;
    private final BooleanSupplier ready;

    /// Answers for the whole edge, named by the empty string, and for each of the services.
    ///
    /// @param services full names of the services behind the edge
    /// @param ready asked at every check; may block
    public HealthAnswers(Set<String> services, BooleanSupplier ready) {
        this.services = Set.copyOf(services);
        this.ready = ready;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        if (!request.getService().isEmpty() && !services.contains(request.getService())) {
            observer.onError(Failure.notFound("service").toStatus());
            return;
        }
        observer.onNext(HealthCheckResponse.newBuilder()
                .setStatus(ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
                .build());
        observer.onCompleted();
    }
}
