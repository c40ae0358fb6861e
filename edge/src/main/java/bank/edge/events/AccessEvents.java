package bank.edge.events;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.logging.AccessLogWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Tells of every request by an event `system.logs.access`. A request costs the note of it and a place in a queue: what
/// finds none is dropped and counted. Kafka is the business of a thread of its own.
public final class AccessEvents implements AccessLogWriter, AutoCloseable {
    /// Notes kept at once.
    static final int QUEUE_MAX = 16_384;

    private static final int BATCH_MAX = 1_024;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(3);

    // The thread looks rather than being woken, which would cost every request more than its note.
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ArrayBlockingQueue<AccessEvent> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final AccessPublisher publisher;
    private final LongAdder dropped;
    private final Thread thread;
    private volatile boolean closed;

    /// @param publisher gives them to Kafka; closed with this
    /// @param dropped counts what is lost
    public AccessEvents(AccessPublisher publisher, LongAdder dropped) {
        this.publisher = publisher;
        this.dropped = dropped;
        thread = Thread.ofPlatform().name("access-events").daemon().unstarted(this::run);
    }

    /// Starts to publish.
    public void start() {
        thread.start();
    }

    @Override
    public void log(RequestLog log) {
        if (log.context() instanceof ServiceRequestContext ctx) {
            add(AccessEvent.of(log, ctx));
        }
    }

    /// The same of a request that was refused before it was any.
    public void refused(Instant time, HttpMethod method, HttpStatus status, String requestId) {
        add(new AccessEvent(time.toEpochMilli(), method, null, status.code(), 0, null, requestId));
    }

    private void add(AccessEvent event) {
        if (!queue.offer(event)) {
            dropped.increment();
        }
    }

    private void run() {
        try (publisher) {
            var batch = new ArrayList<AccessEvent>(BATCH_MAX);
            while (!closed || !queue.isEmpty()) {
                if (queue.drainTo(batch, BATCH_MAX) == 0) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                } else {
                    publisher.publish(batch);
                    batch.clear();
                }
            }
        }
    }

    /// Publishes what is left, for a few seconds.
    @Override
    public void close() {
        closed = true;
        if (thread.getState() == Thread.State.NEW) {
            publisher.close();
            return;
        }
        try {
            if (!thread.join(CLOSE_MAX)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
