package bank.platform.grpc;

import bank.platform.failure.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the log why tokens are refused: of each cause one line in ten seconds at most, with the number of those it
/// stands for, so that whoever sends bad tokens cannot fill the log.
final class RefusedTokens {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedTokens.class);
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /// @param since when the last line was written
    /// @param untold refusals since
    private record Told(long since, long untold) {}

    /// @param nanos the time, as of [System#nanoTime()]
    RefusedTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Notes a refusal; one that is not for a cause of its own is passed over.
    ///
    /// @param rpc full name of the method that was called
    void note(Failure refusal, String rpc) {
        var cause = refusal.cause();
        if (cause == null) {
            return;
        }
        var now = nanos.getAsLong();
        told.compute(cause, (_, last) -> {
            if (last != null && now - last.since() < PAUSE) {
                return new Told(last.since(), last.untold() + 1);
            }
            LOG.info(
                    "{}: token refused, cause={}{}",
                    rpc,
                    cause,
                    last == null || last.untold() == 0 ? "" : ", and " + last.untold() + " more before it");
            return new Told(now, 0);
        });
    }
}
