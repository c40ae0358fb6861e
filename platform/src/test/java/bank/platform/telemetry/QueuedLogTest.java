package bank.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.Eventually;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The log of a service, before a console that takes nothing until it is read.
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class QueuedLogTest {
    /// More than the queue and the batch that is being written take.
    private static final int MANY = 20_000;

    private final PrintStream usual = System.err;
    private final LoggerContext context = new LoggerContext();
    private final Console console = new Console();
    private final long before = QueuedLog.dropped().sum();

    private static final class Console extends OutputStream {
        private final Semaphore reader = new Semaphore(0);
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] all, int offset, int length) {
            // As little to be interrupted as a pipe.
            reader.acquireUninterruptibly();
            reader.release();
            bytes.write(all, offset, length);
        }

        void read() {
            reader.release();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    @BeforeEach
    void configure() throws JoranException {
        System.setErr(new PrintStream(console, true, StandardCharsets.UTF_8));
        context.setMDCAdapter(new LogbackMDCAdapter());
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Logging.class.getResource("/logback.xml"));
    }

    @AfterEach
    void reset() {
        console.read();
        context.stop();
        System.setErr(usual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bank.edge.access", "bank.edge.access.json"})
    void aConsoleNobodyReadsHoldsNobodyUp(String name) {
        Logger log = context.getLogger(name);
        for (var n = 0; n < MANY; n++) {
            log.info("line {}", n);
        }
        assertThat(QueuedLog.dropped().sum() - before).isBetween(1L, (long) MANY - 1);

        console.read();

        Eventually.holds(
                "the first line", Duration.ofSeconds(20), () -> console.text().contains("line 0\n"));
    }

    @Test
    void aWarningFindsAPlaceWhereOtherLinesDoNot() {
        Logger log = context.getLogger("bank");
        for (var n = 0; n < MANY; n++) {
            log.info("line {}", n);
        }
        long dropped = QueuedLog.dropped().sum();
        log.info("too much");
        assertThat(QueuedLog.dropped().sum()).isEqualTo(dropped + 1);

        log.warn("warned");
        console.read();

        Eventually.holds(
                "the warning", Duration.ofSeconds(20), () -> console.text().contains("warned"));
        assertThat(console.text()).doesNotContain("too much");
    }

    @Test
    void aStopWritesWhatWaits() {
        Logger log = context.getLogger("bank");
        for (var n = 0; n < 100; n++) {
            log.info("line {}", n);
        }
        console.read();

        context.stop();

        assertThat(console.text()).contains("line 0\n", "line 99\n");
    }
}
