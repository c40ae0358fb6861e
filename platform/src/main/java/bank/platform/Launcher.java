package bank.platform;

import bank.platform.config.InvalidSettingsException;
import bank.platform.telemetry.Logging;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a program of its own. What keeps it from starting is told in plain lines on standard error: exit status 2 for
/// wrong settings, 1 for anything else.
public final class Launcher {
    private static final Logger log = LoggerFactory.getLogger(Launcher.class);

    private Launcher() {}

    /// A program, from its start to its end.
    @FunctionalInterface
    public interface Program {
        /// Runs until it is told to stop.
        ///
        /// @param atStop takes what is to be closed as the process ends
        void run(Consumer<Runnable> atStop) throws InterruptedException;
    }

    /// Runs the program. However the process ends, save by a kill, what was logged is written.
    public static void run(Program program) throws InterruptedException {
        Logging.bridge();
        var closed = new ConcurrentLinkedQueue<Runnable>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(closed), "stop"));
        try {
            program.run(closed::add);
        } catch (InvalidSettingsException e) {
            e.problems().forEach(System.err::println);
            System.exit(2);
        } catch (RuntimeException e) {
            log.debug("cannot start", e);
            System.err.println("cannot start: " + causes(e));
            System.exit(1);
        }
    }

    // One after the other, which hooks are not: closing logs too.
    private static void stop(Queue<Runnable> closed) {
        try {
            closed.forEach(Runnable::run);
        } finally {
            Logging.stop();
        }
    }

    /// What went wrong and why, in one line.
    public static String causes(Throwable failure) {
        Set<String> told = new LinkedHashSet<>();
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var message = cause.getMessage();
            var text = message == null
                    ? cause.getClass().getSimpleName()
                    : message.lines().findFirst().orElse("");
            // A cause that is only wrapped says nothing of its own.
            if (told.stream().noneMatch(earlier -> earlier.contains(text))) {
                told.add(text);
            }
        }
        return String.join(": ", told);
    }
}
