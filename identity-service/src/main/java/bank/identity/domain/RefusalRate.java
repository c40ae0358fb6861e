package bank.identity.domain;

import com.google.common.cache.CacheBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;

/// Counts refusals by minutes, or longer, so that whoever can be refused at no cost fills no log. Of those counted before
/// the last ten thousand it may know nothing more.
final class RefusalRate {
    private static final int KNOWN_MAX = 10_000;

    private record Window(Instant end, int count) {}

    private final ConcurrentMap<String, Window> windows = CacheBuilder.newBuilder()
            .maximumSize(KNOWN_MAX)
            .<String, Window>build()
            .asMap();
    private final Duration period;
    private final Clock clock;

    RefusalRate(Clock clock) {
        this(Duration.ofMinutes(1), clock);
    }

    RefusalRate(Duration period, Clock clock) {
        this.period = period;
        this.clock = clock;
    }

    /// Counts one more.
    ///
    /// @param of whom
    /// @return which of his minute, or longer, it is, from 1
    int count(String of) {
        var now = clock.instant();
        var window = windows.compute(
                of,
                (_, before) -> before == null || !now.isBefore(before.end())
                        ? new Window(now.plus(period), 1)
                        : new Window(before.end(), before.count() + 1));
        return window.count();
    }

    /// Begins anew.
    ///
    /// @param of whom
    void forget(String of) {
        windows.remove(of);
    }
}
