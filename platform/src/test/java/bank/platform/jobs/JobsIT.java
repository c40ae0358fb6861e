package bank.platform.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestServices;
import bank.platform.db.Database;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JobsIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "WARN Scheduler Unhandled exception IllegalStateException: 'expected by the test'",
            "WARN JdbcTaskRepository Failed to find implementation for task with name 'fails'");

    private static final Duration PAUSE = Duration.ofMillis(50);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static Database database;

    @BeforeAll
    static void open() {
        database = Database.open(TestServices.database(postgres), "test");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void jobRunsAgainAfterItFailed() throws InterruptedException {
        var runs = new CountDownLatch(3);
        try (var jobs = new Jobs(database)) {
            jobs.every("fails", PAUSE, () -> {
                runs.countDown();
                throw new IllegalStateException("expected by the test");
            });
            jobs.start();

            assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log.lines()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void jobRunsOnceAtATimeOverAllInstances() throws InterruptedException {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var runs = new CountDownLatch(4);
        try (var first = new Jobs(database);
                var second = new Jobs(database)) {
            for (var jobs : List.of(first, second)) {
                jobs.every("alone", PAUSE, () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    runs.countDown();
                    running.decrementAndGet();
                });
                jobs.start();
            }

            assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void closingJobsThatNeverStartedIsNoError() {
        new Jobs(database).close();
    }
}
