package bank.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private static final long LIFE = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);
    private int questions;

    @Test
    void holdsForItsLifeFromWhenItWasThereHoweverLongItTook() {
        var remembered = new Remembered<>(
                () -> {
                    now.addAndGet(5 * LIFE);
                    return ++questions;
                },
                Duration.ofNanos(LIFE),
                now::get);

        assertThat(remembered.get()).isEqualTo(1);
        now.addAndGet(LIFE - 1);
        assertThat(remembered.get()).isEqualTo(1);
        now.addAndGet(1);
        assertThat(remembered.get()).isEqualTo(2);
    }

    @Test
    void oneAsksAndTheOthersGoByTheLastAnswerMeanwhile() throws Exception {
        var asking = new CountDownLatch(1);
        var answered = new CountDownLatch(1);
        var remembered = new Remembered<>(
                () -> {
                    if (++questions == 2) {
                        asking.countDown();
                        await(answered);
                    }
                    return questions;
                },
                Duration.ofNanos(LIFE),
                now::get);
        assertThat(remembered.get()).isEqualTo(1);
        now.addAndGet(LIFE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var second = threads.submit(remembered::get);
            await(asking);
            assertThat(remembered.get()).isEqualTo(1);
            answered.countDown();
            assertThat(second.get()).isEqualTo(2);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
