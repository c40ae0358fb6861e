package bank.contract.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.contract.model.ContractFilter;
import bank.contract.model.ContractStatus;
import bank.contract.model.HoldState;
import bank.contract.model.LinkKey;
import bank.contract.model.LinkStatus;
import bank.contract.model.LinkTask;
import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.testing.PostgresExtension;
import bank.testing.SequentialScans;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the stores do with one contract among many, they read no table from end to end.
class StoreScansIT {
    private static final Instant NEWEST = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant EARLY = NEWEST.minusSeconds(60 * 19_900);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final ContractStore contracts = new ContractStore();
    private static final LinkStore links = new LinkStore();
    private static final LinkTaskStore tasks = new LinkTaskStore();

    private static Database database;

    private record Use(String name, Consumer<Tx> work) {
        @Override
        public String toString() {
            return name;
        }
    }

    private record Settings(PostgresExtension server) implements DatabaseConfig {
        @Override
        public String url() {
            return server.jdbcUrl();
        }

        @Override
        public String user() {
            return server.user();
        }

        @Override
        public Optional<String> password() {
            return Optional.of(server.password());
        }

        @Override
        public int connectionsMax() {
            return 2;
        }
    }

    @BeforeAll
    static void fill() {
        database = Database.open(new Settings(postgres), "contract");
        database.inTransaction(tx -> {
            tx.sql().execute("""
                    INSERT INTO contract (user_id, description, status, version, created_at)
                    SELECT n % 2000, 'contract ' || n, (ARRAY['DRAFT', 'ACTIVE', 'ARCHIVED'])[1 + n % 3], 1,
                        timestamptz '2026-06-01 00:00:00Z' - make_interval(mins => n)
                    FROM generate_series(1, 20000) n""");
            tx.sql().execute("""
                    INSERT INTO contract_link (contract_id, document_id, status, created_at, updated_at)
                    SELECT id, id * 10 + n, 'ACTIVE', created_at, created_at FROM contract, generate_series(1, 2) n""");
            tx.sql().execute("""
                    INSERT INTO link_task (contract_id, document_id, wanted, generation, created_at, due_at)
                    SELECT id, id * 10 + 1, 'HELD', nextval('hold_generation'), created_at, created_at FROM contract""");
            return tx;
        });
        database.inTransaction(tx -> tx.sql().execute("ANALYZE"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static List<Use> uses() {
        var linked = new LinkKey(5, 51);
        var other = new LinkKey(5, 59);
        return List.of(
                new Use("insert", tx -> contracts.insert(tx, 5, "", NEWEST)),
                new Use("find", tx -> contracts.find(tx, 5)),
                new Use("lock", tx -> contracts.lock(tx, 5)),
                new Use("update", tx -> contracts.update(tx, 5, "", ContractStatus.ACTIVE)),
                new Use("list", tx -> contracts.list(tx, new ContractFilter(null, null), Long.MAX_VALUE, 51)),
                new Use("list further", tx -> contracts.list(tx, new ContractFilter(null, null), 9_000, 51)),
                new Use("list of a user", tx -> contracts.list(tx, new ContractFilter(77L, null), 19_000, 51)),
                new Use(
                        "list in a status",
                        tx -> contracts.list(tx, new ContractFilter(null, ContractStatus.DRAFT), 19_000, 51)),
                new Use(
                        "list of a user in a status",
                        tx -> contracts.list(tx, new ContractFilter(77L, ContractStatus.DRAFT), 19_000, 51)),
                new Use("link", tx -> links.find(tx, linked)),
                new Use("put link", tx -> links.put(tx, other, LinkStatus.ACTIVE, NEWEST)),
                new Use("put link again", tx -> links.put(tx, linked, LinkStatus.REVOKED, NEWEST)),
                new Use("count link change", tx -> links.countChange(tx, 5)),
                new Use("links", tx -> links.list(tx, 5, Long.MAX_VALUE, 51)),
                new Use("generation", tasks::generation),
                new Use("hold", tx -> tasks.putHeld(tx, other, NEWEST, NEWEST)),
                new Use("release", tx -> tasks.putReleased(tx, linked, NEWEST, NEWEST)),
                new Use("task", tx -> tasks.find(tx, linked)),
                new Use("due tasks", tx -> tasks.due(tx, EARLY, 50)),
                new Use(
                        "renew",
                        tx -> tasks.renew(
                                tx, new LinkTask(linked, HoldState.HELD, 5), HoldState.RELEASED, NEWEST, NEWEST)),
                new Use("end task", tx -> tasks.end(tx, linked, 5)));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void readsNoTableFromEndToEnd(Use use) {
        var scanned = database.inTransaction(tx -> {
            tx.rollbackAtEnd();
            return SequentialScans.during(
                    tx.sql().getConnection(), () -> use.work().accept(tx));
        });
        assertThat(scanned).isEmpty();
    }
}
