package bank.registry.domain;

import bank.platform.db.Database;
import bank.registry.model.Identifier;
import bank.registry.model.IdentifierType;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One notice of death some time after the start, as the original's HMRC service gave: of an invented person, and once
/// for a database.
public final class SandboxDeathNotice implements AutoCloseable {
    /// Arthur Pike in `people.csv`.
    static final Identifier PERSON = new Identifier(IdentifierType.NIN, "GH577024B");

    private static final Logger log = LoggerFactory.getLogger(SandboxDeathNotice.class);
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final String CALLER = "sandbox";

    private final Database database;
    private final DeathNotices notices;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("sandbox-death-notice").factory());

    private SandboxDeathNotice(Database database, DeathNotices notices) {
        this.database = database;
        this.notices = notices;
    }

    /// Gives the notice after a while.
    public static SandboxDeathNotice after(Duration delay, Database database, DeathNotices notices) {
        var notice = new SandboxDeathNotice(database, notices);
        notice.schedule(delay);
        return notice;
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void schedule(Duration delay) {
        timer.schedule(this::give, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void give() {
        try {
            database.inTransaction(tx -> {
                notices.reportFirst(tx, CALLER, PERSON);
                return tx;
            });
        } catch (RuntimeException e) {
            log.warn("the sandbox's notice of death could not be given and is tried again", e);
            schedule(AGAIN);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
