package bank.identity;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Calls made at once, round after round.
final class Races {
    private static final String ROUNDS = "bank.test.races";

    private Races() {}

    /// How often each race is run: a few times, or as often as the system property `bank.test.races` says.
    static int rounds(int few) {
        return Integer.getInteger(ROUNDS, few);
    }

    /// Makes a call many times at once.
    static <T> List<Future<T>> together(int times, Callable<T> call) {
        return together(Collections.nCopies(times, call));
    }

    /// Makes calls at once and waits until all have ended.
    static <T> List<Future<T>> together(List<? extends Callable<T>> calls) {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = calls.stream()
                    .map(call -> threads.submit(() -> {
                        start.await();
                        return call.call();
                    }))
                    .toList();
            start.countDown();
            return answers;
        }
    }

    /// Tells how a race went that was run more often than usual.
    static void tell(String what) {
        if (Integer.getInteger(ROUNDS) != null) {
            System.out.println(what);
        }
    }
}
