package bank.registry.client;

import bank.registry.model.Identifier;
import bank.registry.model.Person;
import bank.registry.model.Registry;
import bank.registry.model.RegistryUnavailableException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A registry over HTTP, as docs/registries.md describes it. A try that fails for the moment is made again, after a
/// pause that is never quite the same; a registry that only fails is left alone for a while.
public final class HttpRegistry implements Registry, AutoCloseable {
    private static final double PAUSE_GROWTH = 2;
    private static final double PAUSE_JITTER = 0.5;
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    private final RegistryEndpoint endpoint;
    private final BoundedHttp http;
    private final RegistryToken token;
    private final CircuitBreaker circuit;
    private final Retry retry;

    /// @param clock tells when tokens end, and when a registry that failed is tried again
    public HttpRegistry(RegistryEndpoint endpoint, Clock clock) {
        this.endpoint = endpoint;
        this.http = new BoundedHttp(endpoint.timeout());
        this.token = new RegistryToken(http, endpoint, clock);
        this.circuit = CircuitBreaker.of(endpoint.name(), circuit(endpoint, clock));
        this.retry = Retry.of(endpoint.name(), retry(endpoint));
    }

    private static CircuitBreakerConfig circuit(RegistryEndpoint endpoint, Clock clock) {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(endpoint.failuresMax())
                .minimumNumberOfCalls(endpoint.failuresMax())
                .failureRateThreshold(100)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(endpoint.rest())
                .recordExceptions(RegistryUnavailableException.class)
                // Whoever asked has no more time: that is no fault of the registry.
                .ignoreException(e -> e.getCause() instanceof InterruptedException)
                .clock(clock)
                .build();
    }

    private static RetryConfig retry(RegistryEndpoint endpoint) {
        return RetryConfig.<Object>custom()
                .maxAttempts(endpoint.triesMax())
                .intervalFunction(
                        IntervalFunction.ofExponentialRandomBackoff(endpoint.pause(), PAUSE_GROWTH, PAUSE_JITTER))
                .retryOnException(e -> e instanceof RegistryUnavailableException failed && failed.passing())
                .build();
    }

    @Override
    public Optional<Person> find(Identifier identifier) {
        try {
            return retry.executeSupplier(() -> circuit.executeSupplier(() -> ask(identifier)));
        } catch (CallNotPermittedException e) {
            throw unavailable("has failed too often and is left alone", false, e);
        } catch (RegistryUnavailableException e) {
            throw unavailable(String.valueOf(e.getMessage()), e.passing(), e.getCause());
        }
    }

    private Optional<Person> ask(Identifier identifier) {
        var value = token.get();
        var answer = send(identifier, value);
        if (answer.statusCode() == UNAUTHORIZED) {
            // It may have withdrawn the token before its end.
            token.forget(value);
            answer = send(identifier, token.get());
        }
        return switch (answer.statusCode()) {
            case OK -> Optional.of(PersonJson.person(identifier, answer.body()));
            case NOT_FOUND -> {
                PersonJson.requireUnknown(answer.body());
                yield Optional.empty();
            }
            default ->
                throw new RegistryUnavailableException(
                        "answers with status " + answer.statusCode(), passing(answer.statusCode()), null);
        };
    }

    private static boolean passing(int status) {
        return status == TOO_MANY_REQUESTS || status >= SERVER_ERRORS;
    }

    private HttpResponse<String> send(Identifier identifier, String value) {
        // An identifier is letters and digits, which a path takes as they are.
        var uri = URI.create(endpoint.url().toString().replaceAll("/+$", "") + "/persons/" + identifier.value());
        return http.send(HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + value)
                .header("Accept", "application/json")
                .GET()
                .build());
    }

    private RegistryUnavailableException unavailable(String what, boolean passing, @Nullable Throwable cause) {
        return new RegistryUnavailableException("registry " + endpoint.name() + " " + what, passing, cause);
    }

    @Override
    public void close() {
        http.close();
    }
}
