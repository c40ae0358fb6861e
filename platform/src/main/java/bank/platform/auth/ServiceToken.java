package bank.platform.auth;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.grpc.Channel;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Access token of this service itself, by client credentials; kept and renewed a minute before its
/// end, or once it is refused.
public final class ServiceToken implements OwnToken {
    private static final Duration RENEWED_BEFORE_END = Duration.ofMinutes(1);

    private record Token(String value, Instant renewal) {}

    private final TokenRequests requests;
    private final Map<String, String> parameters;
    private final Clock clock;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile @Nullable Token token;

    /// A token with all the scopes of the service.
    ///
    /// @param clientId name of the service at identity-service
    /// @param clientSecret its secret
    public ServiceToken(Channel identity, String clientId, String clientSecret, Clock clock) {
        this(identity, clientId, clientSecret, "", clock);
    }

    /// A token with no more than it is used for.
    ///
    /// @param scope the one scope it has
    public ServiceToken(Channel identity, String clientId, String clientSecret, String scope, Clock clock) {
        this.requests = new TokenRequests(identity, clientId, clientSecret);
        this.parameters = scope.isEmpty()
                ? Map.of("grant_type", "client_credentials")
                : new TreeMap<>(Map.of("grant_type", "client_credentials", "scope", scope));
        this.clock = clock;
    }

    @Override
    public String get() {
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

    @Override
    public void forget(String refused) {
        renewing.lock();
        try {
            // Of many who are refused at once, the first has the token renewed for all.
            if (token != null && token.value().equals(refused)) {
                token = null;
            }
        } finally {
            renewing.unlock();
        }
    }

    private Token request() {
        var answer = requests.send(parameters);
        try {
            if (answer.get("access_token") == null) {
                throw new IllegalStateException(
                        "identity-service refused this service's own credentials: " + answer.get("error"));
            }
            return new Token(
                    JSONObjectUtils.getString(answer, "access_token"),
                    clock.instant()
                            .plusSeconds(JSONObjectUtils.getLong(answer, "expires_in"))
                            .minus(RENEWED_BEFORE_END));
        } catch (ParseException e) {
            throw new IllegalStateException("identity-service answered no token", e);
        }
    }
}
