package bank.platform.telemetry;

import java.util.function.Supplier;
import org.slf4j.MDC;

/// Puts the id of a request on every line that its work logs, as `request_id`.
public final class LoggedRequest {
    private static final String KEY = "request_id";

    private LoggedRequest() {}

    /// The same work, its lines marked.
    public static Runnable of(String id, Runnable work) {
        return () -> run(id, work);
    }

    /// Runs the work, its lines marked.
    public static void run(String id, Runnable work) {
        try (var _ = MDC.putCloseable(KEY, id)) {
            work.run();
        }
    }

    /// Runs the work, its lines marked.
    public static <T> T get(String id, Supplier<T> work) {
        try (var _ = MDC.putCloseable(KEY, id)) {
            return work.get();
        }
    }
}
