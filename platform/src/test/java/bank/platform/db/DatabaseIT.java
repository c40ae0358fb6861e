package bank.platform.db;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import bank.platform.TestServices;
import bank.platform.failure.FailureException;
import bank.testing.Eventually;
import bank.testing.ExpectedLog;
import bank.testing.PostgresExtension;
import io.grpc.Context;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "marked as broken because of SQLSTATE(57P01)",
            // The server's last word may be lost with the connection.
            "marked as broken because of SQLSTATE(25P03)",
            "marked as broken because of SQLSTATE(08006)");

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

    @BeforeEach
    void clear() {
        database.inTransaction(tx -> tx.sql().execute("DELETE FROM note"));
    }

    @Test
    void everyStatementHasALimit() {
        assertThat(setting("statement_timeout")).isEqualTo("30s");
    }

    @Test
    void aTransactionOfAHostThatVanishedEnds() {
        assertThat(setting("idle_in_transaction_session_timeout")).isEqualTo("1min");
        assertThat(setting("tcp_keepalives_idle")).isEqualTo("30");
        assertThat(setting("tcp_keepalives_interval")).isEqualTo("10");
        assertThat(setting("tcp_keepalives_count")).isEqualTo("3");
    }

    private static String setting(String name) {
        return database.read(session ->
                session.sql().createQuery("SHOW " + name).mapTo(String.class).one());
    }

    @Test
    void aTransactionThatWasIdleForTooLongIsUnavailable() {
        assertThatExceptionOfType(DatabaseUnavailableException.class)
                .isThrownBy(() -> database.inTransaction(tx -> {
                    int server = tx.sql()
                            .createQuery("SELECT pg_backend_pid()")
                            .mapTo(Integer.class)
                            .one();
                    tx.sql().execute("SET LOCAL idle_in_transaction_session_timeout = 1");
                    Eventually.holds("the server gave it up", Duration.ofSeconds(30), () -> gone(server));
                    return insert(tx, 1, "late");
                }));

        assertThat(count()).isZero();
    }

    private static boolean gone(int server) {
        return database.read(session -> session.sql()
                .createQuery("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = :pid)")
                .bind("pid", server)
                .mapTo(Boolean.class)
                .one());
    }

    @Test
    void whatTheDatabaseCannotTakeIsToldFromWhatItCannotDoNow() {
        assertThatExceptionOfType(UnstorableException.class)
                .isThrownBy(() -> put(1, "a\0b"))
                .withMessageContaining("22021");
    }

    @Test
    void commitsWhatReturnsAndRollsBackWhatThrows() {
        put(1, "kept");
        assertThatIllegalStateException()
                .isThrownBy(() -> database.inTransaction(tx -> {
                    insert(tx, 2, "lost");
                    throw new IllegalStateException("broken");
                }));

        assertThat(count()).isOne();
    }

    @Test
    void dryRunReturnsItsResultAndLeavesNothing() {
        var result = database.inTransaction(tx -> {
            tx.rollbackAtEnd();
            return insert(tx, 1, "dry");
        });

        assertThat(result).isOne();
        assertThat(count()).isZero();
    }

    @Test
    void whatIsLeftForTheEndIsDoneLastAndInTheTransaction() {
        database.inTransaction(tx -> {
            tx.beforeCommit(() -> insert(tx, 2, "last"));
            assertThat(count()).isZero();
            return insert(tx, 1, "first");
        });
        assertThat(count()).isEqualTo(2);

        database.inTransaction(tx -> {
            tx.beforeCommit(() -> insert(tx, 3, "dry"));
            tx.rollbackAtEnd();
            return tx;
        });
        assertThatExceptionOfType(ConstraintViolatedException.class)
                .isThrownBy(() -> database.inTransaction(tx -> {
                    tx.beforeCommit(() -> insert(tx, 1, "again"));
                    return insert(tx, 4, "lost");
                }));
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void brokenConstraintIsNamed() {
        put(1, "first");

        assertThatExceptionOfType(ConstraintViolatedException.class)
                .isThrownBy(() -> put(1, "again"))
                .satisfies(e -> assertThat(e.constraint()).isEqualTo("note_pk"));
        assertThatExceptionOfType(ConstraintViolatedException.class)
                .isThrownBy(() -> put(2, "elevenchars"))
                .satisfies(e -> assertThat(e.constraint()).isEqualTo("note_text_length"));
        put(3, "tenletters");
    }

    @Test
    void cancelledCallCommitsNothing() {
        var context = Context.current().withCancellation();

        assertFails(
                Code.CANCELLED,
                "CANCELLED",
                () -> context.call(() -> database.inTransaction(tx -> {
                    insert(tx, 1, "late");
                    context.cancel(null);
                    return true;
                })));
        assertThat(count()).isZero();
    }

    @Test
    void statementEndsWithTheDeadlineOfItsCall() throws Exception {
        var timer = Executors.newSingleThreadScheduledExecutor();
        var context = Context.current().withDeadlineAfter(200, TimeUnit.MILLISECONDS, timer);
        try {
            var start = System.nanoTime();
            assertFails(
                    Code.DEADLINE_EXCEEDED,
                    "DEADLINE_EXCEEDED",
                    () -> context.call(
                            () -> database.read(session -> session.sql().execute("SELECT pg_sleep(20)"))));
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        } finally {
            context.cancel(null);
            timer.shutdownNow();
        }
    }

    @Test
    void deadlockAsksForARepeat() throws Exception {
        put(1, "one");
        put(2, "two");
        var barrier = new CyclicBarrier(2);
        var failures = atOnce(() -> lockBoth(barrier, 1, 2), () -> lockBoth(barrier, 2, 1));

        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst())
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().reason()).isEqualTo("CONFLICT"));
    }

    @Test
    void connectionLostIsUnavailableAndReplaced() {
        assertThatExceptionOfType(DatabaseUnavailableException.class)
                .isThrownBy(() -> database.read(
                        session -> session.sql().execute("SELECT pg_terminate_backend(pg_backend_pid())")));

        assertThat(count()).isZero();
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void secretIsMadeOnceAndKept() {
        var first = ServiceSecrets.of(database, "seal");

        assertThat(first).hasSize(32);
        assertThat(ServiceSecrets.of(database, "seal")).isEqualTo(first);
        assertThat(ServiceSecrets.of(database, "other")).isNotEqualTo(first);
    }

    private static boolean lockBoth(CyclicBarrier barrier, long first, long second) {
        return database.inTransaction(tx -> {
            lock(tx, first);
            try {
                barrier.await(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            lock(tx, second);
            return true;
        });
    }

    private static void lock(Tx tx, long id) {
        tx.sql().execute("UPDATE note SET text = 'locked' WHERE id = ?", id);
    }

    @SafeVarargs
    private static ArrayList<Throwable> atOnce(Callable<Object>... work) throws InterruptedException {
        var failures = new ArrayList<Throwable>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Object>>();
            for (var one : work) {
                running.add(threads.submit(one));
            }
            for (var future : running) {
                try {
                    future.get();
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
        }
        return failures;
    }

    private static void put(long id, String text) {
        database.inTransaction(tx -> insert(tx, id, text));
    }

    private static int insert(Tx tx, long id, String text) {
        return tx.sql().execute("INSERT INTO note (id, text) VALUES (?, ?)", id, text);
    }

    private static long count() {
        return database.read(session -> session.sql()
                .createQuery("SELECT count(*) FROM note")
                .mapTo(Long.class)
                .one());
    }
}
