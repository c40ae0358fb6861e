package bank.platform;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ServiceProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A program says to its last line what it has to.
class LauncherIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LINES = 5_000;

    /// Logs as it starts and as it closes; does not start when told so.
    static final class Talker {
        private static final Logger LOG = LoggerFactory.getLogger(Talker.class);

        private Talker() {}

        static void main(String[] arguments) throws InterruptedException {
            Launcher.run(atStop -> {
                atStop.accept(() -> say("closing"));
                say("starting");
                if (arguments.length > 0) {
                    throw new IllegalStateException(arguments[0]);
                }
                System.out.println("ready");
                Thread.currentThread().join();
            });
        }

        private static void say(String what) {
            for (var line = 1; line <= LINES; line++) {
                LOG.info("{} {}", what, line);
            }
        }
    }

    private static ServiceProcess start(String... arguments) {
        return ServiceProcess.ofMain(Talker.class, arguments)
                .jvmOption("-Dlogback.configurationFile=logback.xml")
                .start();
    }

    private static void assertSaid(ServiceProcess process, String what) {
        assertThat(process.output().stream()
                        .filter(line -> line.contains(" " + what + " "))
                        .map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .hasSize(LINES)
                .startsWith("1", "2")
                .endsWith(Integer.toString(LINES));
    }

    @Test
    void whenItIsStopped() {
        try (var process = start()) {
            process.awaitLine("ready"::equals, PATIENCE);

            assertThat(process.stop(PATIENCE)).isEqualTo(143);

            assertSaid(process, "starting");
            assertSaid(process, "closing");
        }
    }

    @Test
    void whenItCannotStart() {
        try (var process = start("no port")) {
            assertThat(process.awaitExit(PATIENCE)).isEqualTo(1);

            assertThat(process.output()).contains("cannot start: no port");
            assertSaid(process, "starting");
            assertSaid(process, "closing");
        }
    }
}
