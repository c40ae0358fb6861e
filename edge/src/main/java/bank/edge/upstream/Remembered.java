package bank.edge.upstream;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An answer that holds for a time, counted from when it was there: one that is slow to come is not asked for again at
/// once. One asks for the next; the others go by the last one meanwhile, and wait only for the first.
public final class Remembered<T> implements Supplier<T> {
    private final Supplier<T> asked;
    private final Duration life;
    private final LongSupplier nanos;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Known<T> known;

    private record Known<T>(T answer, long since) {}

    /// @param asked gives the answer; may block
    /// @param life how long the answer holds
    /// @param nanos time that passes, in ns from any beginning
    public Remembered(Supplier<T> asked, Duration life, LongSupplier nanos) {
        this.asked = asked;
        this.life = life;
        this.nanos = nanos;
    }

    @Override
    public T get() {
        Known<T> last = known;
        if (last != null && holds(last)) {
            return last.answer();
        }
        if (last == null) {
            asking.lock();
        } else if (!asking.tryLock()) {
            return last.answer();
        }
        try {
            Known<T> now = known;
            if (now == null || !holds(now)) {
                T answer = asked.get();
                now = new Known<>(answer, nanos.getAsLong());
                known = now;
            }
            return now.answer();
        } finally {
            asking.unlock();
        }
    }

    private boolean holds(Known<T> last) {
        return nanos.getAsLong() - last.since() < life.toNanos();
    }
}
