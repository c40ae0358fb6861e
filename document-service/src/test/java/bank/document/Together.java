package bank.document;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Calls made at the same time.
final class Together {
    private Together() {}

    /// What became of a call: its value, or what it threw.
    record Outcome<T>(T value, Throwable failure) {
        boolean succeeded() {
            return failure == null;
        }
    }

    /// Makes the calls together and waits for all of them.
    static <T> List<Outcome<T>> run(List<Callable<T>> calls) throws Exception {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = calls.stream()
                    .map(call -> threads.submit(() -> {
                        start.await();
                        try {
                            return new Outcome<>(call.call(), null);
                        } catch (RuntimeException | AssertionError e) {
                            return new Outcome<T>(null, e);
                        }
                    }))
                    .toList();
            start.countDown();
            var outcomes = new ArrayList<Outcome<T>>();
            for (var call : running) {
                outcomes.add(call.get(60, TimeUnit.SECONDS));
            }
            return outcomes;
        }
    }
}
