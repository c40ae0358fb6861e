package bank.platform.events;

import bank.platform.db.Database;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the relays of all processes that something was written, by NOTIFY, soon after the commit rather than in it: a
/// transaction that notifies keeps all others of the database from committing until it is on the disk. What rings
/// meanwhile is told at once. Whatever is lost here, the relays find by themselves.
final class OutboxBell implements AutoCloseable {
    /// Channel the relays listen to.
    static final String CHANNEL = "event_outbox";

    private static final Logger log = LoggerFactory.getLogger(OutboxBell.class);

    // Under load a few are told of together.
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Database database;
    private final Semaphore rung = new Semaphore(0);
    private final Thread thread;

    OutboxBell(Database database) {
        this.database = database;
        // Not a virtual one: its interrupt would break the connection it waits for.
        thread = Thread.ofPlatform().name("outbox-bell").daemon().start(this::run);
    }

    /// Rings, and does not wait.
    void ring() {
        if (rung.availablePermits() == 0) {
            rung.release();
        }
    }

    private void run() {
        try {
            while (true) {
                rung.acquire();
                rung.drainPermits();
                try {
                    database.read(session -> session.sql().execute("NOTIFY " + CHANNEL));
                } catch (RuntimeException e) {
                    log.debug("cannot notify", e);
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
