package bank.bench.edge;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Loads a server without a thread for each call: with so many calls under way all the time, or at a fixed rate.
final class OpenLoad {
    private OpenLoad() {}

    /// Starts one call.
    @FunctionalInterface
    interface Call {
        CompletableFuture<?> start();
    }

    /// Keeps so many calls under way for a time.
    ///
    /// @return how many ended well; any that did not stops the bench
    static long atOnce(int calls, Duration time, Call call) throws InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        var done = new AtomicLong();
        var failure = new AtomicReference<@Nullable Throwable>();
        var idle = new CountDownLatch(calls);
        for (var i = 0; i < calls; i++) {
            new Chain(end, call, done, failure, idle).next();
        }
        idle.await();
        fail(failure);
        return done.get();
    }

    /// Starts calls at a fixed rate for a time.
    ///
    /// @return how long each took from when it was due, in nanoseconds, sorted
    static long[] atRate(double perSecond, Duration time, Call call) throws InterruptedException {
        var took = new ConcurrentLinkedQueue<Long>();
        var failure = new AtomicReference<@Nullable Throwable>();
        var total = (int) (perSecond * time.toNanos() / 1e9);
        var idle = new CountDownLatch(total);
        var begin = System.nanoTime();
        try (var clock = Executors.newSingleThreadScheduledExecutor()) {
            var started = new AtomicLong();
            var ticks = clock.scheduleAtFixedRate(
                    () -> {
                        var due = Math.min(total, (long) ((System.nanoTime() - begin) / 1e9 * perSecond));
                        for (var i = started.get(); i < due; i = started.incrementAndGet()) {
                            var at = begin + (long) (i / perSecond * 1e9);
                            CompletableFuture<?> _ = call.start().whenComplete((_, e) -> {
                                took.add(System.nanoTime() - at);
                                note(failure, e);
                                idle.countDown();
                            });
                        }
                    },
                    0,
                    500,
                    TimeUnit.MICROSECONDS);
            idle.await();
            ticks.cancel(false);
        }
        fail(failure);
        var sorted = took.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    private static void note(AtomicReference<@Nullable Throwable> failure, @Nullable Throwable e) {
        if (e != null) {
            failure.set(e);
        }
    }

    private static void fail(AtomicReference<@Nullable Throwable> failure) {
        if (failure.get() != null) {
            throw new IllegalStateException("a call failed", failure.get());
        }
    }

    private record Chain(
            long end, Call call, AtomicLong done, AtomicReference<@Nullable Throwable> failure, CountDownLatch idle) {
        void next() {
            if (System.nanoTime() - end >= 0 || failure.get() != null) {
                idle.countDown();
                return;
            }
            CompletableFuture<?> _ = call.start().whenComplete((_, e) -> {
                note(failure, e);
                done.incrementAndGet();
                next();
            });
        }
    }
}
