package bank.edge;

import bank.edge.upstream.Remembered;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Whether the edge can do its work: the services behind it serve, and the keys of the access tokens are known.
/// Asking blocks for up to a few seconds.
final class Readiness {
    private static final List<String> STOPPING = List.of("stopping");
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(1);

    /// How long an answer holds: probes, whoever sends them, cost the services one question in this time.
    private static final Duration ANSWER_LIFE = Duration.ofSeconds(1);

    private final Map<String, Channel> services;
    private final JWKSource<SecurityContext> keys;
    private final Supplier<List<String>> missing = new Remembered<>(this::ask, ANSWER_LIFE, System::nanoTime);
    private volatile boolean stopping;

    /// @param services channels by the name of the service, e.g. `identity`
    Readiness(Map<String, Channel> services, JWKSource<SecurityContext> keys) {
        this.services = new TreeMap<>(services);
        this.keys = keys;
    }

    /// What is missing, by name; empty when the edge is ready.
    List<String> missing() {
        return stopping ? STOPPING : missing.get();
    }

    /// The edge is about to stop.
    boolean isStopping() {
        return stopping;
    }

    /// The edge is about to stop, and ready no more.
    void stop() {
        stopping = true;
    }

    private List<String> ask() {
        var missing = new ArrayList<String>();
        services.forEach((name, channel) -> {
            if (!serves(channel)) {
                missing.add(name);
            }
        });
        if (!keysKnown()) {
            missing.add("keys");
        }
        return List.copyOf(missing);
    }

    private static boolean serves(Channel channel) {
        try {
            return HealthGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(ANSWER_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus()
                    == ServingStatus.SERVING;
        } catch (StatusRuntimeException _) {
            return false;
        }
    }

    private boolean keysKnown() {
        try {
            return !keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null)
                    .isEmpty();
        } catch (KeySourceException _) {
            return false;
        }
    }
}
