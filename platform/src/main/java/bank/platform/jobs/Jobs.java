package bank.platform.jobs;

import bank.platform.db.Database;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Recurring work of a service, kept in its database: each job runs once at a time over all instances,
/// and again after its pause whether it succeeded or not.
public final class Jobs implements AutoCloseable {
    private final Database database;
    private final List<RecurringTask<Void>> tasks = new ArrayList<>();
    private volatile @Nullable Scheduler scheduler;

    /// @param database where the jobs are kept
    public Jobs(Database database) {
        this.database = database;
    }

    /// Adds a job; before `start`.
    ///
    /// @param name name in the database and the log, e.g. `reap-uploads`
    /// @param pause from the end of one run to the start of the next
    public void every(String name, Duration pause, Runnable work) {
        tasks.add(Tasks.recurring(name, FixedDelay.of(pause)).execute((instance, context) -> work.run()));
    }

    /// Starts the jobs.
    public void start() {
        var started = Scheduler.create(database.dataSource())
                .startTasks(tasks)
                .threads(2)
                .pollingInterval(Duration.ofSeconds(1))
                .shutdownMaxWait(Duration.ofSeconds(5))
                // What a killed process was running is taken up again within seconds.
                .heartbeatInterval(Duration.ofSeconds(2))
                .build();
        scheduler = started;
        started.start();
    }

    @Override
    public void close() {
        var running = scheduler;
        if (running != null) {
            running.stop();
        }
    }
}
