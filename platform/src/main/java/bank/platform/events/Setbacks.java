package bank.platform.events;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Parts of an outbox that Kafka does not take although it takes others. Each is left out until its pause is over and
/// then tried by itself, so that it holds up nobody else. For one thread.
final class Setbacks {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofMinutes(1);

    private final Map<Part, Pause> pauses = new HashMap<>();
    private final Ticker ticker;

    Setbacks(Ticker ticker) {
        this.ticker = ticker;
    }

    /// Rows of a topic in a lane: what keeps an order is never in two.
    record Part(int lane, String topic) {}

    private record Pause(Duration length, long end) {}

    /// Leaves parts out, each longer than the last time.
    ///
    /// @return those that fail the second time, and so not by chance
    List<Part> add(Collection<Part> parts) {
        var told = new ArrayList<Part>();
        for (var part : parts) {
            var last = pauses.get(part);
            if (last != null && last.length().equals(FIRST)) {
                told.add(part);
            }
            var length = last == null ? FIRST : last.length().multipliedBy(2);
            leave(part, length.compareTo(LAST) < 0 ? length : LAST);
        }
        return told;
    }

    /// Leaves a part out as long as the last time.
    void again(Part part) {
        var last = pauses.get(part);
        leave(part, last == null ? FIRST : last.length());
    }

    private void leave(Part part, Duration length) {
        pauses.put(part, new Pause(length, ticker.read() + length.toNanos()));
    }

    /// Leaves a part out no more.
    ///
    /// @return whether it failed more than once
    boolean remove(Part part) {
        var last = pauses.remove(part);
        return last != null && !last.length().equals(FIRST);
    }

    /// Those left out.
    Set<Part> parts() {
        return Set.copyOf(pauses.keySet());
    }

    /// One whose pause is over.
    Optional<Part> due() {
        var now = ticker.read();
        return pauses.entrySet().stream()
                .filter(entry -> entry.getValue().end() - now <= 0)
                .map(Map.Entry::getKey)
                .findAny();
    }
}
