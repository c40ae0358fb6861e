package bank.standalone;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops the parts when the process is asked to end (SIGTERM, Ctrl-C), also while they are still starting.
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final long START_SECONDS_MAX = 60;

    private final Parts parts = new Parts();
    private final CountDownLatch startOver = new CountDownLatch(1);
    private final PrintStream out;
    private volatile boolean failed;

    /// @param out where it is told that everything stops
    Shutdown(PrintStream out) {
        this.out = out;
    }

    /// The parts that will be stopped.
    Parts parts() {
        return parts;
    }

    /// Runs the start; an exception it throws makes the process end as failed. Returns also when the start was called
    /// off: the shutdown hook then ends the process.
    void whileStarting(Runnable start) {
        try {
            start.run();
        } catch (Parts.StoppedException calledOff) {
            LOG.info("called off", calledOff);
        } catch (RuntimeException | Error e) {
            failed = true;
            LOG.info("could not start", e);
            throw e;
        } finally {
            startOver.countDown();
        }
    }

    /// Runs as the shutdown hook. A stop that was asked for and went well is no failure, so it ends the process with 0
    /// where the JVM by itself would say 143.
    void run() {
        if (!failed) {
            out.println("stopping …");
        }
        parts.callOff();
        try {
            startOver.await(START_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var clean = parts.closeAll();
        if (!failed) {
            Runtime.getRuntime().halt(clean ? 0 : 1);
        }
    }
}
