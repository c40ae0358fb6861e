package bank.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/// Runs work by several workers for a time, each call after the one before.
final class Load {
    private Load() {}

    /// One call; its result is thrown away.
    @FunctionalInterface
    interface Work {
        long call() throws Exception;
    }

    /// What the calls took.
    static final class Result {
        private final double perSecond;
        private final long[] sortedNanos;

        Result(double perSecond, long[] sortedNanos) {
            this.perSecond = perSecond;
            this.sortedNanos = sortedNanos;
        }

        /// Calls per second.
        double perSecond() {
            return perSecond;
        }

        /// Time that this share of the calls did not exceed.
        double millis(double quantile) {
            var index = Math.min(sortedNanos.length - 1L, (long) (sortedNanos.length * quantile));
            return sortedNanos[(int) index] / 1e6;
        }
    }

    static Result run(int workers, Duration time, Work work) throws InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = IntStream.range(0, workers)
                    .mapToObj(i -> threads.submit((Callable<long[]>) () -> {
                        var nanos = new long[1024];
                        var count = 0;
                        for (var begin = System.nanoTime(); begin < end; begin = System.nanoTime()) {
                            work.call();
                            if (count == nanos.length) {
                                nanos = Arrays.copyOf(nanos, count * 2);
                            }
                            nanos[count++] = System.nanoTime() - begin;
                        }
                        return Arrays.copyOf(nanos, count);
                    }))
                    .toList();
            var all = new long[0];
            for (var worker : running) {
                var nanos = worker.get();
                var joined = Arrays.copyOf(all, all.length + nanos.length);
                System.arraycopy(nanos, 0, joined, all.length, nanos.length);
                all = joined;
            }
            Arrays.sort(all);
            return new Result(all.length / (time.toNanos() / 1e9), all);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call failed", e.getCause());
        }
    }
}
