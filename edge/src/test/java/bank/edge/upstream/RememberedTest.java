package bank.edge.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
}
