package bank.edge.upstream;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreaker;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreakerListener;
import com.linecorp.armeria.client.circuitbreaker.CircuitState;
import com.linecorp.armeria.client.circuitbreaker.EventCount;
import com.linecorp.armeria.client.circuitbreaker.FailFastException;
import com.linecorp.armeria.client.endpoint.AbstractEndpointSelector;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.client.endpoint.EndpointSelector;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A circuit breaker for each address. Calls go to the addresses in turn, leaving out those whose circuit is open. A
/// call that is tried again goes to an address it was not sent to before, if need be one that is left out; then to
/// the one it was sent to the longest ago, which may be back. When every circuit is open a call fails at once,
/// without a connection.
final class Circuits implements EndpointSelectionStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(Circuits.class);
    private static final Duration COUNTED = Duration.ofSeconds(3);
    private static final Duration COUNT_UPDATED = Duration.ofMillis(100);
    private static final double FAILURE_RATE = 0.5;

    private final Map<Endpoint, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private final List<EndpointGroup> groups = new CopyOnWriteArrayList<>();
    private final UpstreamConfig config;

    Circuits(UpstreamConfig config) {
        this.config = config;
    }

    /// Tells how a call to an address went. What became of a call whose address is gone meanwhile interests nobody.
    void report(Endpoint endpoint, boolean well) {
        var circuit = breakers.get(endpoint);
        if (circuit == null) {
            return;
        }
        if (well) {
            circuit.onSuccess();
        } else {
            circuit.onFailure();
        }
    }

    /// The addresses that have a circuit.
    Set<Endpoint> known() {
        return Set.copyOf(breakers.keySet());
    }

    /// Services may share an address, so what one group has lost another may have.
    private void forgetTheGone() {
        var there = new HashSet<Endpoint>();
        groups.forEach(group -> there.addAll(group.endpoints()));
        breakers.keySet().retainAll(there);
    }

    /// The circuit of an address.
    CircuitBreaker of(Endpoint endpoint) {
        var known = breakers.get(endpoint);
        return known != null ? known : breakers.computeIfAbsent(endpoint, this::closed);
    }

    private CircuitBreaker closed(Endpoint endpoint) {
        return CircuitBreaker.builder(endpoint.authority())
                .failureRateThreshold(FAILURE_RATE)
                .minimumRequestThreshold(config.circuitFailures())
                .circuitOpenWindow(config.circuitOpen())
                .trialRequestInterval(config.circuitOpen())
                .counterSlidingWindow(COUNTED)
                .counterUpdateInterval(COUNT_UPDATED)
                .listener(new Told())
                .build();
    }

    /// The call failed because every circuit is open.
    static boolean refused(Throwable cause) {
        return cause instanceof FailFastException
                || (cause instanceof UnprocessedRequestException && cause.getCause() instanceof FailFastException);
    }

    @Override
    public EndpointSelector newSelector(EndpointGroup group) {
        groups.add(group);
        return new Selector(group);
    }

    private final class Selector extends AbstractEndpointSelector {
        private final AtomicInteger turn = new AtomicInteger();

        Selector(EndpointGroup group) {
            super(group);
        }

        @Override
        protected void updateNewEndpoints(List<Endpoint> endpoints) {
            forgetTheGone();
        }

        @Override
        protected @Nullable Endpoint doSelectNow(ClientRequestContext ctx) {
            @Nullable Attempts attempts = ctx.attr(Attempts.CALL);
            List<Endpoint> tried = attempts == null ? List.of() : attempts.tried();
            Endpoint chosen = untried(group().endpoints(), tried);
            if (chosen == null) {
                chosen = again(tried);
            }
            if (chosen != null && attempts != null) {
                attempts.chosen(chosen);
            }
            return chosen;
        }

        /// One whose circuit is open is likelier to be back than one that failed this very call.
        private @Nullable Endpoint untried(List<Endpoint> endpoints, List<Endpoint> tried) {
            int size = endpoints.size();
            int first = size == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), size);
            Endpoint leftOut = null;
            for (int i = 0; i < size; i++) {
                Endpoint endpoint = endpoints.get((first + i) % size);
                if (!tried.contains(endpoint)) {
                    if (of(endpoint).tryRequest()) {
                        return endpoint;
                    }
                    leftOut = endpoint;
                }
            }
            return tried.isEmpty() ? null : leftOut;
        }

        private @Nullable Endpoint again(List<Endpoint> tried) {
            List<Endpoint> endpoints = group().endpoints();
            for (Endpoint endpoint : tried) {
                if (endpoints.contains(endpoint) && of(endpoint).tryRequest()) {
                    return endpoint;
                }
            }
            return null;
        }

        /// Waits for addresses when none is known yet, but never for a circuit to close.
        @Override
        @SuppressWarnings("deprecation") // the one the other goes by
        public CompletableFuture<Endpoint> select(
                ClientRequestContext ctx, ScheduledExecutorService executor, long timeoutMillis) {
            List<Endpoint> endpoints = group().endpoints();
            if (endpoints.isEmpty()) {
                return super.select(ctx, executor, timeoutMillis);
            }
            return CompletableFuture.failedFuture(new FailFastException(of(endpoints.getFirst())));
        }
    }

    private static final class Told implements CircuitBreakerListener {
        @Override
        public void onStateChanged(String address, CircuitState state) {
            if (state == CircuitState.OPEN) {
                LOG.warn("{} is left out: its calls fail", address);
            } else if (state == CircuitState.CLOSED) {
                LOG.info("{} is used again", address);
            }
        }

        @Override
        public void onInitialized(String address, CircuitState state) {}

        @Override
        @SuppressWarnings("deprecation") // still abstract
        public void onEventCountUpdated(String address, EventCount count) {}

        @Override
        public void onRequestRejected(String address) {}
    }
}
