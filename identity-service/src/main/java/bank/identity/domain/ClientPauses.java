package bank.identity.domain;

import bank.identity.model.Caller;
import bank.identity.model.ClientNetwork;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import com.google.common.cache.CacheBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;

/// Holds back who tries secrets of clients. Wrong ones are counted by client, whether there is such a client or not, at
/// an address; from a number on each brings a pause, twice as long as the one before.
///
/// Each process counts by itself, and forgets those counted before the last ten thousand: secrets are no words that
/// people remember, so that few guesses more or less win nothing, and a right one costs no statement.
final class ClientPauses {
    private static final int KNOWN_MAX = 10_000;
    private static final int FAILURES_MAX = 10;
    private static final int DOUBLED_MAX = 6;
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private record Failures(int count, Instant lastAt, Instant pausedUntil) {}

    private final ConcurrentMap<String, Failures> failures = CacheBuilder.newBuilder()
            .maximumSize(KNOWN_MAX)
            .<String, Failures>build()
            .asMap();
    private final Clock clock;

    ClientPauses(Clock clock) {
        this.clock = clock;
    }

    /// @throws IdentityException SignInPaused
    void require(String clientId, Caller caller) {
        var known = failures.get(name(clientId, caller));
        var now = clock.instant();
        if (known != null && known.pausedUntil().isAfter(now)) {
            throw new IdentityException(
                    new IdentityFailure.SignInPaused(SignInThrottle.told(Duration.between(now, known.pausedUntil()))));
        }
    }

    /// Counts a wrong secret.
    void failed(String clientId, Caller caller) {
        var now = clock.instant();
        failures.compute(name(clientId, caller), (_, before) -> {
            var count = before == null || !before.lastAt().plus(FORGOTTEN).isAfter(now) ? 1 : before.count() + 1;
            return new Failures(count, now, count < FAILURES_MAX ? now : now.plus(pause(count)));
        });
    }

    private static Duration pause(int count) {
        var pause = PAUSE_MIN.multipliedBy(1L << Math.min(count - FAILURES_MAX, DOUBLED_MAX));
        return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
    }

    private static String name(String clientId, Caller caller) {
        var address = caller.origin().address();
        return ClientNetwork.of(address).map(ClientNetwork::name).orElse(address) + " " + clientId;
    }
}
