package bank.platform.events;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Pauses that grow from one failure to the next, for one thread.
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LAST = Duration.ofSeconds(5);

    private Duration next = FIRST;

    /// All is well again.
    void reset() {
        next = FIRST;
    }

    /// The pause after one more failure: up to half as long again as the last one doubled, so that processes which
    /// failed together do not come back together.
    Duration next() {
        var pause = next.plusMillis(ThreadLocalRandom.current().nextLong(next.toMillis() / 2 + 1));
        next = next.multipliedBy(2).compareTo(LAST) < 0 ? next.multipliedBy(2) : LAST;
        return pause;
    }
}
