package bank.platform.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.concurrent.atomic.LongAdder;

/// Logback's queue before an appender, which counts what finds no place in it. Lines up to INFO find none before
/// warnings and errors do.
public final class QueuedLog extends AsyncAppender {
    private static final LongAdder DROPPED = new LongAdder();

    /// Lines of this process that found no place.
    public static LongAdder dropped() {
        return DROPPED;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (getRemainingCapacity() == 0 || (isQueueBelowDiscardingThreshold() && isDiscardable(event))) {
            DROPPED.increment();
        } else {
            super.append(event);
        }
    }
}
