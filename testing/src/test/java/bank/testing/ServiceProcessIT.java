package bank.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServiceProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void runsAMainClassWithItsEnvironmentAndKillsIt() {
        try (var process = ServiceProcess.ofMain(Sleeper.class, "Договор")
                .environment("BANK_NAME", "проверка")
                .environment("LC_ALL", "C.UTF-8")
                .heap("64m")
                .start()) {
            var ready = process.awaitLine(line -> line.startsWith("ready "), LIMIT);
            assertThat(ready).isEqualTo("ready Договор проверка");
            assertThat(process.peakMemoryBytes()).isBetween(10L << 20, 400L << 20);
            process.kill();
            assertThat(process.isAlive()).isFalse();
        }
    }

    @Test
    void stopsBySignalAndTellsTheExitCode() {
        try (var process = ServiceProcess.ofMain(Sleeper.class, "x").start()) {
            process.awaitLine(line -> line.startsWith("ready "), LIMIT);
            assertThat(process.stop(LIMIT)).isEqualTo(143);
        }
    }

    @Test
    void tellsTheOutputOfAProgramThatEndsEarly() {
        try (var process = ServiceProcess.ofCommand("sh", "-c", "echo cannot start; exit 3")
                .start()) {
            assertThatThrownBy(() -> process.awaitLine(line -> line.startsWith("ready "), LIMIT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("cannot start");
            assertThat(process.awaitExit(LIMIT)).isEqualTo(3);
        }
    }

    /// Says that it is ready, and then waits to be stopped.
    static final class Sleeper {
        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("ready " + arguments[0] + " " + System.getenv("BANK_NAME"));
            Thread.currentThread().join();
        }
    }
}
