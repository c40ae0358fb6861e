package bank.platform.telemetry;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The log of a process.
public final class Logging {
    private static final String LOGBACK = "logback.configurationFile";

    private Logging() {}

    /// Keeps from a terminal what is of no interest there; in place of [#bridge], before anything logs.
    public static void warningsAlone() {
        if (System.getProperty(LOGBACK) == null) {
            System.setProperty(LOGBACK, "bank/platform/telemetry/command.xml");
        }
        bridge();
    }

    /// Takes what libraries say by `java.util.logging`, gRPC above all, to the log everything else goes to, under the
    /// levels set there. To be called before anything starts.
    public static void bridge() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /// Writes what still waits, for a second or two. Nothing is logged after it.
    public static void stop() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
