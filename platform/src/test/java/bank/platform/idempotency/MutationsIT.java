package bank.platform.idempotency;

import static bank.platform.FailureAssert.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import bank.platform.TestServices;
import bank.platform.auth.Principal;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.grpc.Headers;
import bank.platform.grpc.TestCalls;
import bank.testing.PostgresExtension;
import bank.testing.SequentialScans;
import bank.testing.TestClock;
import bank.v1.Contract;
import bank.v1.CreateContractRequest;
import bank.v1.Role;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MutationsIT {
    private static final Principal CALLER = new Principal.User(17, Role.ROLE_CLIENT, "s-1");
    private static final CreateContractRequest REQUEST =
            CreateContractRequest.newBuilder().setDescription("Договор").build();

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final TestClock clock = new TestClock();
    private static Database database;
    private static Mutations mutations;

    private final AtomicInteger runs = new AtomicInteger();

    @BeforeAll
    static void open() {
        database = Database.open(TestServices.database(postgres), "test");
        mutations = new Mutations(database, clock);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void clear() {
        database.inTransaction(tx -> tx.sql().execute("DELETE FROM idempotency_key"));
        database.inTransaction(tx -> tx.sql().execute("DELETE FROM note"));
    }

    @Test
    void withoutKeyEachCallRuns() {
        run(CALLER, Map.of(), REQUEST);
        run(CALLER, Map.of(), REQUEST);

        assertThat(notes()).isEqualTo(2);
    }

    @Test
    void sameKeyAndRequestGetFirstAnswerAgain() {
        var first = run(CALLER, key("k"), REQUEST);

        assertThat(run(CALLER, key("k"), REQUEST)).isEqualTo(first);
        assertThat(replay(key("k"))).contains(first);
        assertThat(replay(key("another"))).isEmpty();
        assertThat(replay(Map.of())).isEmpty();
        assertThat(notes()).isOne();
    }

    @Test
    void anotherRequestUnderTheKeyIsRefused() {
        run(CALLER, key("k"), REQUEST);

        assertFails(
                Code.INVALID_ARGUMENT,
                "KEY_REUSED",
                () -> run(CALLER, key("k"), REQUEST.toBuilder().setUserId(1).build()));
        assertThat(notes()).isOne();
    }

    @Test
    void keyIsOfItsCallerAlone() {
        run(CALLER, key("k"), REQUEST);
        run(new Principal.User(18, Role.ROLE_CLIENT, "s-2"), key("k"), REQUEST);
        run(new Principal.Machine("17", Set.of()), key("k"), REQUEST);

        assertThat(notes()).isEqualTo(3);
    }

    @Test
    void nobodySignedInHasNoKeys() {
        run(new Principal.Anonymous(), key("k"), REQUEST);
        run(new Principal.Anonymous(), key("k"), REQUEST);

        assertThat(notes()).isEqualTo(2);
    }

    @Test
    void failureIsNotKept() {
        assertThatIllegalStateException()
                .isThrownBy(() -> TestCalls.run(
                        CALLER,
                        key("k"),
                        () -> mutations.run(REQUEST, Contract.getDefaultInstance(), tx -> {
                            note(tx);
                            throw new IllegalStateException("broken");
                        })));

        run(CALLER, key("k"), REQUEST);
        assertThat(notes()).isOne();
    }

    @Test
    void dryRunNeitherChangesNorKeeps() {
        var dry = Map.of(Headers.IDEMPOTENCY_KEY, "k", Headers.VALIDATE_ONLY, "true");
        run(CALLER, dry, REQUEST);
        assertThat(notes()).isZero();

        run(CALLER, key("k"), REQUEST);
        assertThat(notes()).isOne();
    }

    @Test
    void malformedDryRunChangesNothing() {
        assertFails(
                Code.INVALID_ARGUMENT,
                "INVALID_FIELD",
                () -> run(CALLER, Map.of(Headers.VALIDATE_ONLY, "yes"), REQUEST));
        assertThat(runs).hasValue(0);
    }

    @Test
    void runningKeyIsInUse() throws Exception {
        var inside = new CountDownLatch(1);
        var let = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> call(CALLER, key("k"), REQUEST, tx -> {
                inside.countDown();
                await(let);
                return note(tx);
            }));
            await(inside);

            var failure = assertFails(Code.ABORTED, "KEY_IN_USE", () -> run(CALLER, key("k"), REQUEST));
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(1));
            assertFails(Code.ABORTED, "KEY_IN_USE", () -> replay(key("k")));
            run(CALLER, key("another"), REQUEST);
            let.countDown();
            assertThat(run(CALLER, key("k"), REQUEST, first.get())).isEqualTo(first.get());
        }
        assertThat(notes()).isEqualTo(2);
    }

    @Test
    void keyEndsAfterADayAndIsPurged() {
        run(CALLER, key("k"), REQUEST);
        clock.advance(Mutations.KEPT);
        run(CALLER, key("k"), REQUEST);
        assertThat(notes()).isOne();

        clock.advance(Duration.ofSeconds(1));
        run(CALLER, key("k"), REQUEST);
        assertThat(notes()).isEqualTo(2);

        mutations.purge();
        assertThat(keys()).isOne();
        clock.advance(Mutations.KEPT.plusSeconds(1));
        mutations.purge();
        assertThat(keys()).isZero();
    }

    @Test
    void looksAKeyUpByItsIndex() {
        database.inTransaction(tx -> tx.sql().execute("""
                INSERT INTO idempotency_key (caller, rpc, key, request_hash, response, created_at)
                SELECT 'user:' || n % 100, 'r', 'k' || n, '', '', ? FROM generate_series(1, 20000) n""", old()));
        database.inTransaction(tx -> tx.sql().execute("ANALYZE idempotency_key"));
        var repeat = Repeat.of(REQUEST).part("whole");
        Set<String> scanned = TestCalls.call(
                CALLER,
                key("k"),
                () -> database.inTransaction(
                        tx -> SequentialScans.during(tx.sql().getConnection(), () -> mutations.tie(tx, repeat))));
        assertThat(scanned).isEmpty();
    }

    @Test
    void purgesAnyNumberOfKeysFewAtATime() {
        run(CALLER, key("k"), REQUEST);
        database.inTransaction(tx -> {
            tx.sql().execute("""
                    INSERT INTO idempotency_key (caller, rpc, key, request_hash, response, created_at)
                    SELECT 'user:1', 'r', 'k' || n, '', '', ? FROM generate_series(1, 12345) n""", old());
            tx.sql().execute("""
                    CREATE FUNCTION refuse_many() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        IF (SELECT count(*) FROM gone) > 5000 THEN RAISE 'too many at once'; END IF;
                        RETURN NULL;
                    END $$""");
            tx.sql().execute("""
                    CREATE TRIGGER few AFTER DELETE ON idempotency_key REFERENCING OLD TABLE AS gone
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_many()""");
            return tx;
        });
        try {
            mutations.purge();
        } finally {
            database.inTransaction(tx -> tx.sql().execute("DROP FUNCTION refuse_many CASCADE"));
        }
        assertThat(keys()).isOne();
    }

    private static OffsetDateTime old() {
        return clock.instant().minus(Mutations.KEPT).minusSeconds(1).atOffset(ZoneOffset.UTC);
    }

    @Test
    void partsOfABatchAreKeptEach() {
        for (var part : List.of("1", "2", "1")) {
            TestCalls.run(
                    CALLER,
                    key("k"),
                    () -> mutations.run(Repeat.of(REQUEST).part(part), Contract.getDefaultInstance(), this::note));
        }

        assertThat(notes()).isEqualTo(2);
    }

    @Test
    void wholeOfABatchTiesTheKeyAndIsReplayedOnceItIsAnswered() {
        var whole = Repeat.of(REQUEST).part("whole");
        var other = Repeat.of(REQUEST.toBuilder().setUserId(1).build()).part("whole");
        var answer = Contract.newBuilder().setContractId(7).build();

        assertThat(replayWhole(whole)).isEmpty();
        tie(whole);
        assertThat(replayWhole(whole)).as("tied, and not answered").isEmpty();
        assertFails(Code.INVALID_ARGUMENT, "KEY_REUSED", () -> tie(other));
        assertFails(Code.INVALID_ARGUMENT, "KEY_REUSED", () -> replayWhole(other));

        TestCalls.run(CALLER, key("k"), () -> mutations.keep(whole, answer));
        tie(whole);
        assertThat(replayWhole(whole)).contains(answer);
        assertFails(
                Code.INVALID_ARGUMENT,
                "KEY_REUSED",
                () -> TestCalls.run(CALLER, key("k"), () -> mutations.keep(other, answer)));
    }

    private static void tie(Repeat whole) {
        TestCalls.call(
                CALLER,
                key("k"),
                () -> database.inTransaction(tx -> {
                    mutations.tie(tx, whole);
                    return whole;
                }));
    }

    private static Optional<Contract> replayWhole(Repeat whole) {
        return TestCalls.call(CALLER, key("k"), () -> mutations.replayWhole(whole, Contract.getDefaultInstance()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "tab\t"})
    void malformedKeyIsRefused(String key) {
        assertFails(Code.INVALID_ARGUMENT, "KEY_MALFORMED", () -> run(CALLER, key(key), REQUEST));
    }

    @Test
    void keyHas255CharactersAtMost() {
        run(CALLER, key("k".repeat(255)), REQUEST);
        assertFails(Code.INVALID_ARGUMENT, "KEY_MALFORMED", () -> run(CALLER, key("k".repeat(256)), REQUEST));
    }

    private Contract run(Principal caller, Map<String, String> headers, CreateContractRequest request) {
        return call(caller, headers, request, this::note);
    }

    private Contract run(
            Principal caller, Map<String, String> headers, CreateContractRequest request, Contract expected) {
        return call(caller, headers, request, tx -> expected);
    }

    private static Contract call(
            Principal caller, Map<String, String> headers, CreateContractRequest request, Function<Tx, Contract> work) {
        return TestCalls.call(caller, headers, () -> mutations.run(request, Contract.getDefaultInstance(), work));
    }

    private static Optional<Contract> replay(Map<String, String> headers) {
        return TestCalls.call(
                CALLER, headers, () -> mutations.replay(Repeat.of(REQUEST), Contract.getDefaultInstance()));
    }

    private Contract note(Tx tx) {
        var id = runs.incrementAndGet();
        tx.sql().execute("INSERT INTO note (id, text) VALUES (?, 'x')", id);
        return Contract.newBuilder().setContractId(id).build();
    }

    private static Map<String, String> key(String key) {
        return Map.of(Headers.IDEMPOTENCY_KEY, key);
    }

    private static long notes() {
        return count("SELECT count(*) FROM note");
    }

    private static long keys() {
        return count("SELECT count(*) FROM idempotency_key");
    }

    private static long count(String sql) {
        return database.read(
                session -> session.sql().createQuery(sql).mapTo(Long.class).one());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
