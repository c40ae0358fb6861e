package bank.registry.client;

import bank.registry.model.RegistryUnavailableException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// HTTP with a bound on the time and the length of answers. Follows no redirects, which would take the token elsewhere.
final class BoundedHttp implements AutoCloseable {
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private final HttpClient client;
    private final Duration timeout;

    /// @param timeout for a request with its answer
    BoundedHttp(Duration timeout) {
        this.timeout = timeout;
        // Without HTTP/2 there is no `Upgrade: h2c`, at which not every server does well.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// @throws RegistryUnavailableException when none comes in time, or one that is too long
    HttpResponse<String> send(HttpRequest request) {
        var answer = client.sendAsync(
                request, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), ANSWER_BYTES_MAX));
        try {
            // The request's own timeout ends with the headers.
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new RegistryUnavailableException("no answer within " + timeout, true, e);
        } catch (ExecutionException e) {
            var cause = e.getCause();
            throw new RegistryUnavailableException(
                    cause instanceof IOException ? "cannot be reached" : "cannot be asked",
                    cause instanceof IOException,
                    cause);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted", false, e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
