package bank.identity.domain;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts refusals by minutes, so that whoever can be refused at no cost fills no log.
final class RefusalRate {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private record Window(Instant end, int count) {}

    private final Map<String, Window> windows = new ConcurrentHashMap<>();
    private final Clock clock;

    RefusalRate(Clock clock) {
        this.clock = clock;
    }

    /// Counts one more.
    ///
    /// @param of whom; there are to be few of them
    /// @return which of his minute it is, from 1
    int count(String of) {
        var now = clock.instant();
        var window = windows.compute(
                of,
                (_, before) -> before == null || !now.isBefore(before.end())
                        ? new Window(now.plus(MINUTE), 1)
                        : new Window(before.end(), before.count() + 1));
        return window.count();
    }
}
