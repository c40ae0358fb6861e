package bank.platform.telemetry;

import org.slf4j.bridge.SLF4JBridgeHandler;

/// The log of a process.
public final class Logging {
    private Logging() {}

    /// Takes what libraries say by `java.util.logging`, gRPC above all, to the log everything else goes to, under the
    /// levels set there. To be called before anything starts.
    public static void bridge() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
