package bank.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for a condition, with a bound.
public final class Eventually {
    private static final Duration STEP = Duration.ofMillis(20);

    private Eventually() {}

    /// Waits until the condition holds.
    ///
    /// @param what the condition in words
    /// @param bound longest wait
    /// @throws AssertionError when it does not hold in time, or cannot be told
    public static void holds(String what, Duration bound, Callable<Boolean> condition) {
        var end = System.nanoTime() + bound.toNanos();
        while (!met(what, condition)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + bound.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    private static boolean met(String what, Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (Exception e) {
            throw new AssertionError("cannot tell: " + what, e);
        }
    }
}
