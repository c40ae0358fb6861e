package bank.edge.upstream;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An answer that holds for a time, counted from when it was there: one that is slow to come is not asked for again at
/// once. Those who ask meanwhile wait for the same answer.
public final class Remembered<T> implements Supplier<T> {
    private final Supplier<T> asked;
    private final Duration life;
    private final LongSupplier nanos;
    private @Nullable T answer;
    private long since;

    /// @param asked gives the answer; may block
    /// @param life how long the answer holds
    /// @param nanos time that passes, in ns from any beginning
    public Remembered(Supplier<T> asked, Duration life, LongSupplier nanos) {
        this.asked = asked;
        this.life = life;
        this.nanos = nanos;
    }

    @Override
    public synchronized T get() {
        T known = answer;
        if (known == null || nanos.getAsLong() - since >= life.toNanos()) {
            known = asked.get();
            answer = known;
            since = nanos.getAsLong();
        }
        return known;
    }
}
