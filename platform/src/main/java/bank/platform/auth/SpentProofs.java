package bank.platform.auth;

import bank.platform.failure.Failure;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// Proofs that were used, until their time is over and they pass no more anyway. There is room for so many, a tenth of
/// it for those of one key; when that is taken, new ones are refused rather than old ones forgotten.
final class SpentProofs {
    private static final int KEYS_SHARING = 10;

    /// The first half of a SHA-256.
    private record Name(long a, long b) {}

    private record Spent(Name name, String key, Instant end) {}

    private final Clock clock;
    private final int max;
    private final int keyMax;
    private final Map<String, Integer> byKey = new HashMap<>();
    private final Map<Name, Spent> byName = new HashMap<>();
    private final NavigableSet<Spent> byEnd = new TreeSet<>(Comparator.comparing(Spent::end)
            .thenComparing(spent -> spent.name().a())
            .thenComparing(spent -> spent.name().b()));
    private final ReentrantLock lock = new ReentrantLock();

    SpentProofs(Clock clock, int max) {
        this.clock = clock;
        this.max = max;
        this.keyMax = Math.max(1, max / KEYS_SHARING);
    }

    /// Notes a proof as used.
    ///
    /// @param key thumbprint of its key
    /// @param id its id
    /// @param end when it passes no more
    /// @return false when it was used before
    /// @throws bank.platform.failure.FailureException UNAVAILABLE with reason OVERLOADED when there is no room
    boolean add(String key, String id, Instant end) {
        var hashed = hash(key + "/" + id);
        lock.lock();
        try {
            dropEnded();
            if (byName.containsKey(hashed)) {
                return false;
            }
            requireRoom(key);
            var one = new Spent(hashed, key, end);
            byEnd.add(one);
            byName.put(hashed, one);
            byKey.merge(key, 1, Integer::sum);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void requireRoom(String key) {
        if (byName.size() >= max || byKey.getOrDefault(key, 0) >= keyMax) {
            throw Failure.of(Status.Code.UNAVAILABLE, "OVERLOADED", "too many calls with proofs at once")
                    .retryAfter(Duration.ofSeconds(1))
                    .exception();
        }
    }

    /// Forgets a proof that was noted as used and was not.
    void remove(String key, String id) {
        var hashed = hash(key + "/" + id);
        lock.lock();
        try {
            var one = byName.get(hashed);
            if (one != null) {
                drop(one);
            }
        } finally {
            lock.unlock();
        }
    }

    private void dropEnded() {
        var now = clock.instant();
        while (!byEnd.isEmpty() && byEnd.first().end().isBefore(now)) {
            drop(byEnd.first());
        }
    }

    private void drop(Spent one) {
        byEnd.remove(one);
        byName.remove(one.name());
        byKey.computeIfPresent(one.key(), (_, count) -> count == 1 ? null : count - 1);
    }

    private static Name hash(String name) {
        try {
            var sha =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
            return new Name(sha.getLong(), sha.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
