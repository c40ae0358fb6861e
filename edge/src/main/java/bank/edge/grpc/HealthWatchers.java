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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those who watch the health of the edge or of a service. Each is told how it is at once, then whenever that changes;
/// one look from time to time at what anybody watches serves them all. Who does not read is told the latest once he
/// does. No watch lasts for ever, so that nobody keeps his place by having forgotten it.
final class HealthWatchers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthWatchers.class);

    private final Predicate<String> ready;
    private final int max;
    private final int ofOneMax;
    private final Duration ageMax;
    private final LongSupplier nanos;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Map<Object, Integer> places = new HashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("health").daemon().factory());
    private boolean closed;

    /// @param ready asked at every look for each service that is watched, and for the whole edge by the empty name; may
    ///     block
    /// @param pause between two looks
    /// @param max most watchers at a time
    /// @param ofOneMax most of them from one address
    /// @param ageMax how long a watch lasts; it ends at the next look, UNAVAILABLE with reason WATCH_ENDED
    /// @param nanos time that passes, in ns from any beginning
    HealthWatchers(
            Predicate<String> ready, Duration pause, int max, int ofOneMax, Duration ageMax, LongSupplier nanos) {
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
    /// @param service what he watches, empty for the whole edge; null for what the edge does not have
    /// @param observer told RESOURCE_EXHAUSTED, reason TOO_MANY_WATCHERS, when there is no place
    void add(Object owner, @Nullable String service, ServerCallStreamObserver<HealthCheckResponse> observer) {
        var watcher = new Watcher(owner, service, observer, nanos.getAsLong());
        observer.setOnCancelHandler(() -> remove(watcher));
        if (!enter(watcher)) {
            observer.onError(Failure.of(
                            Status.Code.RESOURCE_EXHAUSTED,
                            "TOO_MANY_WATCHERS",
                            "as many as possible watch the health already; ask for it now and then")
                    .toStatus());
            return;
        }
        ServingStatus state = state(service);
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
        Map<String, ServingStatus> states = states(watched());
        synchronized (this) {
            long now = nanos.getAsLong();
            for (Watcher old : watchers.stream()
                    .filter(watcher -> now - watcher.since >= ageMax.toNanos())
                    .toList()) {
                remove(old);
                old.expire();
            }
            watchers.stream().filter(Watcher::isReading).forEach(watcher -> watcher.tell(states));
        }
    }

    private synchronized Set<String> watched() {
        return watchers.stream()
                .flatMap(watcher -> Stream.ofNullable(watcher.service))
                .collect(Collectors.toSet());
    }

    /// Services that do not answer are waited for together.
    private Map<String, ServingStatus> states(Set<String> services) {
        var states = new ConcurrentHashMap<String, ServingStatus>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(service -> threads.execute(() -> states.put(service, state(service))));
        }
        return states;
    }

    private ServingStatus state(@Nullable String service) {
        return service == null
                ? ServingStatus.SERVICE_UNKNOWN
                : ready.test(service) ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
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
        private final @Nullable String service;
        private final ServerCallStreamObserver<HealthCheckResponse> observer;
        private final long since;
        private @Nullable ServingStatus told;

        Watcher(
                Object owner,
                @Nullable String service,
                ServerCallStreamObserver<HealthCheckResponse> observer,
                long since) {
            this.owner = owner;
            this.service = service;
            this.observer = observer;
            this.since = since;
        }

        /// What he was told is on its way, so that nothing gathers for one who does not read.
        boolean isReading() {
            return told == null || observer.isReady();
        }

        /// @param states those of what was watched when the look began
        void tell(Map<String, ServingStatus> states) {
            ServingStatus his = service == null ? null : states.get(service);
            if (his != null) {
                tell(his);
            }
        }

        void tell(ServingStatus state) {
            if (state != told) {
                told = state;
                observer.onNext(
                        HealthCheckResponse.newBuilder().setStatus(state).build());
            }
        }

        void expire() {
            observer.onError(
                    Failure.of(Status.Code.UNAVAILABLE, "WATCH_ENDED", "a watch lasts no longer than this; watch anew")
                            .toStatus());
        }

        void end() {
            tell(service == null ? ServingStatus.SERVICE_UNKNOWN : ServingStatus.NOT_SERVING);
            observer.onCompleted();
        }
    }
}
