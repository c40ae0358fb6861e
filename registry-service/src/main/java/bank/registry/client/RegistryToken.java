package bank.registry.client;

import bank.registry.model.RegistryUnavailableException;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// This service's access token at a registry, by client credentials (RFC 6749, section 4.4); kept until shortly before
/// its end.
final class RegistryToken {
    private static final Duration RENEWED_BEFORE_END = Duration.ofSeconds(30);
    private static final long LIFE_DEFAULT_SECONDS = 300;
    private static final String FORM = "grant_type=client_credentials";

    private record Token(String value, Instant renewal) {}

    private final BoundedHttp http;
    private final RegistryEndpoint endpoint;
    private final Clock clock;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile @Nullable Token token;

    RegistryToken(BoundedHttp http, RegistryEndpoint endpoint, Clock clock) {
        this.http = http;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /// A token that has not ended.
    ///
    /// @throws RegistryUnavailableException when the registry gives none
    String get() {
        var known = token;
        if (known != null && clock.instant().isBefore(known.renewal())) {
            return known.value();
        }
        renewing.lock();
        try {
            var current = token;
            if (current == null || !clock.instant().isBefore(current.renewal())) {
                current = request();
                token = current;
            }
            return current.value();
        } finally {
            renewing.unlock();
        }
    }

    /// Forgets a token that the registry refused.
    void forget(String refused) {
        renewing.lock();
        try {
            var current = token;
            if (current != null && current.value().equals(refused)) {
                token = null;
            }
        } finally {
            renewing.unlock();
        }
    }

    private Token request() {
        var answer = http.send(HttpRequest.newBuilder(endpoint.tokenUrl())
                .header("Authorization", "Basic " + credentials())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(FORM))
                .build());
        if (answer.statusCode() != 200) {
            throw new RegistryUnavailableException(
                    "gives no token, status " + answer.statusCode(), answer.statusCode() >= 500, null);
        }
        try {
            var json = JSONObjectUtils.parse(answer.body());
            var value = JSONObjectUtils.getString(json, "access_token");
            if (value == null || value.isEmpty()) {
                throw new RegistryUnavailableException("answers no token", false, null);
            }
            var life = json.get("expires_in") == null
                    ? LIFE_DEFAULT_SECONDS
                    : JSONObjectUtils.getLong(json, "expires_in");
            return new Token(value, clock.instant().plusSeconds(life).minus(RENEWED_BEFORE_END));
        } catch (ParseException e) {
            // Its message may hold what it stumbled over, a token say.
            throw new RegistryUnavailableException("answers no token that can be read", false, null);
        }
    }

    private String credentials() {
        var pair = encoded(endpoint.clientId()) + ":" + encoded(endpoint.clientSecret());
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
