package bank.edge.grpc;

import bank.platform.failure.Failure;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those who watch the health of the edge. Each is told how it is at once, then whenever that changes; one look from
/// time to time, while anybody watches, serves them all. Who does not read is told the latest once he does. No
/// watch lasts for ever, so that nobody keeps his place by having forgotten it.
final class HealthWatchers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthWatchers.class);

    private final BooleanSupplier ready;
    private final int max;
    private final int ofOneMax;
    private final Duration ageMax;
    private final LongSupplier nanos;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Map<Object, Integer> places = new HashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("health").daemon().factory());
    private boolean closed;

    /// @param ready asked at every look; may block
    /// @param pause between two looks
    /// @param max most watchers at a time
    /// @param ofOneMax most of them from one address
    /// @param ageMax how long a watch lasts; it ends at the next look, UNAVAILABLE with reason WATCH_ENDED
    /// @param nanos time that passes, in ns from any beginning
    HealthWatchers(BooleanSupplier ready, Duration pause, int max, int ofOneMax, Duration ageMax, LongSupplier nanos) {
        this.ready = ready;
        this.max = max;
        this.ofOneMax = ofOneMax;
        this.ageMax = ageMax;
        this.nanos = nanos;
        var _ = clock.scheduleWithFixedDelay(
                this::lookAgain, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Takes in a watcher and tells him how it is. May block.
    ///
    /// @param owner whose place he takes
    /// @param known the service he asks for is one of the edge's
    /// @param observer told RESOURCE_EXHAUSTED, reason TOO_MANY_WATCHERS, when there is no place
    void add(Object owner, boolean known, ServerCallStreamObserver<HealthCheckResponse> observer) {
        var watcher = new Watcher(owner, known, observer, nanos.getAsLong());
        observer.setOnCancelHandler(() -> remove(watcher));
        if (!enter(watcher)) {
            observer.onError(Failure.of(
                            Status.Code.RESOURCE_EXHAUSTED,
                            "TOO_MANY_WATCHERS",
                            "as many as possible watch the health already; ask for it now and then")
                    .toStatus());
            return;
        }
        ServingStatus state = state();
        synchronized (this) {
            if (observer.isCancelled()) {
                remove(watcher);
            } else if (closed) {
                remove(watcher);
                watcher.end();
            } else {
                watcher.tell(state);
            }
        }
    }

    private synchronized boolean enter(Watcher watcher) {
        if (watchers.size() >= max || places.getOrDefault(watcher.owner, 0) >= ofOneMax) {
            return false;
        }
        watchers.add(watcher);
        places.merge(watcher.owner, 1, Integer::sum);
        return true;
    }

    private synchronized void remove(Watcher watcher) {
        if (watchers.remove(watcher)) {
            places.computeIfPresent(watcher.owner, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            // Thrown on, it would end the looks.
            LOG.warn("the watchers of the health cannot be told", e);
        }
    }

    /// Tells the watchers how it is now, those who do not know, and lets those go who watched long enough. May block.
    void look() {
        if (isEmpty()) {
            return;
        }
        ServingStatus state = state();
        synchronized (this) {
            long now = nanos.getAsLong();
            for (Watcher old : watchers.stream()
                    .filter(watcher -> now - watcher.since >= ageMax.toNanos())
                    .toList()) {
                remove(old);
                old.expire();
            }
            watchers.stream().filter(Watcher::isReading).forEach(watcher -> watcher.tell(state));
        }
    }

    private synchronized boolean isEmpty() {
        return watchers.isEmpty();
    }

    private ServingStatus state() {
        return ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    /// Tells all that the edge serves no more, and lets them go.
    @Override
    public void close() {
        clock.shutdownNow();
        synchronized (this) {
            closed = true;
            watchers.forEach(Watcher::end);
            watchers.clear();
            places.clear();
        }
    }

    private static final class Watcher {
        private final Object owner;
        private final boolean known;
        private final ServerCallStreamObserver<HealthCheckResponse> observer;
        private final long since;
        private @Nullable ServingStatus told;

        Watcher(Object owner, boolean known, ServerCallStreamObserver<HealthCheckResponse> observer, long since) {
            this.owner = owner;
            this.known = known;
            this.observer = observer;
            this.since = since;
        }

        /// What he was told is on its way, so that nothing gathers for one who does not read.
        boolean isReading() {
            return told == null || observer.isReady();
        }

        void tell(ServingStatus state) {
            ServingStatus his = known ? state : ServingStatus.SERVICE_UNKNOWN;
            if (his != told) {
                told = his;
                observer.onNext(HealthCheckResponse.newBuilder().setStatus(his).build());
            }
        }

        void expire() {
            observer.onError(
                    Failure.of(Status.Code.UNAVAILABLE, "WATCH_ENDED", "a watch lasts no longer than this; watch anew")
                            .toStatus());
        }

        void end() {
            tell(ServingStatus.NOT_SERVING);
            observer.onCompleted();
        }
    }
}
