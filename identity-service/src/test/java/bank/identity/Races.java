package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Calls made at once, round after round.
final class Races {
    private static final String ROUNDS = "bank.test.races";
    private static final int OFTEN = 100;

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

    /// Requires that refreshes were under way when a session ended, where the race was run often enough to be sure of it.
    /// That the end refuses them is required of each round.
    ///
    /// @param won in how many rounds a refresh came before the end
    static void overlapped(int won, int rounds) {
        if (rounds >= OFTEN) {
            assertThat(won)
                    .as("rounds of %s in which a refresh came first", rounds)
                    .isPositive();
        }
    }

    /// Tells how a race went that was run more often than usual.
    static void tell(String what) {
        if (Integer.getInteger(ROUNDS) != null) {
            System.out.println(what);
        }
    }
}
