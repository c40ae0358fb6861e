package bank.document.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.document.TestDatabase;
import bank.document.model.DocumentStatus;
import bank.document.model.ListPosition;
import bank.document.store.DocumentSearch.Filter;
import bank.platform.db.Database;
import bank.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How PostgreSQL runs the queries over many documents.
class SearchPlanIT {
    private static final Instant NEWEST = Instant.parse("2026-06-01T00:00:00Z");

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static Database database;

    @BeforeAll
    static void fill() {
        database = Database.open(new TestDatabase(postgres), "document");
        database.inTransaction(tx -> {
            tx.sql().execute("""
                    INSERT INTO document (user_id, description, category_id, status, worker_id, version, revision,
                        created_at)
                    SELECT n % 2000, 'Договор номер ' || n || ' contract', 1 + n % 5,
                        (ARRAY['pending', 'processing', 'approved', 'archived'])[1 + n % 4],
                        CASE WHEN n % 3 = 0 THEN n % 50 END, 1, 1,
                        timestamptz '2026-06-01 00:00:00Z' - make_interval(mins => n)
                    FROM generate_series(1, 20000) n""");
            tx.sql().execute("""
                    INSERT INTO document_version (document_id, version, file_name, media_type, size_bytes, digest,
                        object_key, created_at, verified_at)
                    SELECT id, 1, 'a.pdf', 'application/pdf', 1, 'sha-256:00', 'documents/' || id, created_at, created_at
                    FROM document""");
            return true;
        });
        database.inTransaction(tx -> tx.sql().execute("ANALYZE"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static List<Filter> filters() {
        var from = NEWEST.minus(Duration.ofDays(5));
        var before = NEWEST.minus(Duration.ofDays(4));
        return List.of(
                new Filter(null, null, null, null, null, null, ""),
                new Filter(DocumentStatus.PENDING, null, null, null, null, null, ""),
                new Filter(null, 2L, null, null, null, null, ""),
                Filter.ofUser(77),
                new Filter(null, null, null, 12L, null, null, ""),
                new Filter(null, null, null, null, from, null, ""),
                new Filter(null, null, null, null, null, before, ""),
                new Filter(null, null, null, null, from, before, ""),
                new Filter(null, null, null, null, null, null, "договоры 77"),
                new Filter(null, null, null, null, null, null, "нигде"),
                new Filter(DocumentStatus.PENDING, 2L, 77L, 12L, from, before, "contracts"));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void runsEverySearchAlongAnIndex(Filter filter) {
        for (var after : List.of(Optional.<ListPosition>empty(), Optional.of(new ListPosition(NEWEST, 5000)))) {
            var query = DocumentSearch.query(filter, after.orElse(null), 51);
            var plan = database.read(session -> String.join(
                    "\n",
                    session.sql()
                            .createQuery("EXPLAIN " + query.sql())
                            .bindMap(query.parameters())
                            .mapTo(String.class)
                            .list()));
            assertThat(plan).contains("Index").doesNotContain("Seq Scan on document d");
            // What few documents meet may be sorted; of many, the first page alone is read.
            if (filter.text().isEmpty() && filter.userId() == null && filter.workerId() == null) {
                assertThat(plan).doesNotContain("Sort");
            }
        }
    }

    @Test
    void findsTheSameWithAndWithoutAnIndex() {
        var search = new DocumentSearch();
        for (var filter : filters()) {
            var indexed = database.read(session -> search.list(session, filter, null, 51));
            var scanned = database.inTransaction(tx -> {
                tx.sql().execute("SET LOCAL enable_indexscan = off");
                tx.sql().execute("SET LOCAL enable_bitmapscan = off");
                tx.sql().execute("SET LOCAL enable_indexonlyscan = off");
                return search.list(tx, filter, null, 51);
            });
            assertThat(indexed).isEqualTo(scanned);
        }
    }
}
