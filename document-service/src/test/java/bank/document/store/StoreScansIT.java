package bank.document.store;

import static org.assertj.core.api.Assertions.assertThat;

import bank.document.TestDatabase;
import bank.document.model.ContentVersion;
import bank.document.model.DocumentEvent;
import bank.document.model.DocumentStatus;
import bank.document.model.LoggedChange;
import bank.document.model.PresignedUpload;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.testing.PostgresExtension;
import bank.testing.SequentialScans;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the stores do with one document among many, they read no table that grows from end to end. The search has
/// a test of its own.
class StoreScansIT {
    private static final Instant NEWEST = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant EARLY = NEWEST.minusSeconds(60 * 19_900);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private static final DocumentStore documents = new DocumentStore();
    private static final VersionStore versions = new VersionStore();
    private static final HoldStore holds = new HoldStore();
    private static final ObjectClaimStore claims = new ObjectClaimStore();
    private static final PresignedUploadStore uploads = new PresignedUploadStore();
    private static final IntegrityStore integrity = new IntegrityStore();
    private static final DocumentLogStore log = new DocumentLogStore();
    private static final DeceasedUserStore deceased = new DeceasedUserStore();

    private static Database database;

    private record Use(String name, Consumer<Tx> work) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void fill() {
        database = Database.open(new TestDatabase(postgres), "document");
        database.inTransaction(tx -> {
            tx.sql().execute("""
                    INSERT INTO document (user_id, description, category_id, status, version, revision, created_at)
                    SELECT n % 2000, 'document ' || n, 1 + n % 5, 'pending', 2, 2,
                        timestamptz '2026-06-01 00:00:00Z' - make_interval(mins => n)
                    FROM generate_series(1, 20000) n""");
            tx.sql().execute("""
                    INSERT INTO document_version (document_id, version, file_name, media_type, size_bytes, digest,
                        object_key, created_at, verified_at)
                    SELECT id, n, 'a.pdf', 'application/pdf', 1, 'sha-256:00', 'documents/' || id || '/' || n,
                        created_at, created_at
                    FROM document, generate_series(1, 2) n""");
            tx.sql().execute("""
                    INSERT INTO document_event (document_id, type, actor, to_status, version, comment, created_at)
                    SELECT document_id, 'uploaded', 'user:1', 'pending', version, '', created_at
                    FROM document_version""");
            tx.sql().execute("""
                    INSERT INTO document_hold (document_id, holder, generation, active)
                    SELECT id, 'contract:' || n, 1, n = 2 FROM document, generate_series(1, 2) n WHERE id % 2 = 0""");
            tx.sql().execute("""
                    INSERT INTO integrity_finding (document_id, version, expected, found, found_at)
                    SELECT document_id, version, digest, 'missing', created_at
                    FROM document_version WHERE document_id % 4 = 0""");
            tx.sql().execute("""
                    INSERT INTO object_claim (key, state, due)
                    SELECT 'claimed/' || id, CASE WHEN id % 2 = 0 THEN 'doomed' ELSE 'uploading' END, created_at
                    FROM document""");
            tx.sql().execute("""
                    INSERT INTO document_log (position, document_id, user_id, type, to_status, version, revision,
                        actor, created_at)
                    SELECT CASE WHEN id <= 19990 THEN id END, id, user_id, 'uploaded', 'pending', 1, 1, 'user:1',
                        created_at
                    FROM document""");
            tx.sql().execute("UPDATE document_log_end SET given = 19990");
            tx.sql().execute("""
                    INSERT INTO deceased_user (user_id, version, deceased)
                    SELECT n, 1, n % 2 = 0 FROM generate_series(1, 2000) n""");
            tx.sql().execute("""
                    INSERT INTO presigned_upload (id, user_id, description, category_id, file_name, size_bytes,
                        content_digest, staging_key, expires_at)
                    SELECT 'upload-' || id, user_id, '', 5, 'a.pdf', 1, '', 'staging/' || id, created_at
                    FROM document""");
            return tx;
        });
        database.inTransaction(tx -> tx.sql().execute("ANALYZE"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static List<Use> documentUses() {
        return List.of(
                new Use("find", tx -> documents.find(tx, 5)),
                new Use(
                        "find several",
                        tx -> documents.find(
                                tx, LongStream.rangeClosed(1, 50).boxed().toList())),
                new Use("lock", tx -> documents.lock(tx, 5)),
                new Use("keep", tx -> documents.keep(tx, 5)),
                new Use("insert", tx -> {
                    var some = documents.find(tx, 5).orElseThrow();
                    documents.insert(tx, some.withContent(content(1)));
                }),
                new Use("insert version", tx -> documents.insertVersion(tx, 5, content(3))),
                new Use(
                        "update",
                        tx -> documents.update(tx, documents.find(tx, 5).orElseThrow())),
                new Use("delete", tx -> documents.delete(tx, 5)),
                new Use(
                        "insert event",
                        tx -> documents.insertEvent(
                                tx,
                                documents.find(tx, 5).orElseThrow(),
                                DocumentEvent.Type.STATUS_CHANGED,
                                DocumentStatus.PENDING,
                                "user:1",
                                "",
                                NEWEST)),
                new Use("version", tx -> versions.find(tx, 5, 1)),
                new Use("versions", tx -> versions.list(tx, 5, 9, 51)),
                new Use("events", tx -> versions.events(tx, 5, Long.MAX_VALUE, 51)),
                new Use("hold", tx -> holds.set(tx, 5, "contract:7", 1, true)),
                new Use("hold again", tx -> holds.set(tx, 4, "contract:1", 2, true)),
                new Use("holder", tx -> holds.holder(tx, 4, 4)));
    }

    static List<Use> jobUses() {
        var due = new IntegrityStore.Due(4, 1, "documents/4/1", 1, "sha-256:00");
        var keys = List.of("claimed/2", "claimed/4", "claimed/6");
        var change = new LoggedChange(
                0, 5, 5, DocumentEvent.Type.DELETED, DocumentStatus.PENDING, null, 1, 1, "user:1", NEWEST);
        return List.of(
                new Use("log change", tx -> log.insert(tx, change)),
                new Use("unplaced changes", log::hasUnplaced),
                new Use("place changes", tx -> log.place(tx, 100)),
                new Use("changes", tx -> log.between(tx, 9_000, Long.MAX_VALUE, null, 100)),
                new Use("changes of a user", tx -> log.between(tx, 9_000, Long.MAX_VALUE, 5L, 100)),
                new Use("forget changes", tx -> log.forget(tx, EARLY, 100)),
                new Use("death", tx -> deceased.put(tx, 5, 9, true)),
                new Use("integrity due", tx -> integrity.due(tx, EARLY, 500)),
                new Use("verified", tx -> integrity.verified(tx, due, NEWEST)),
                new Use("finding", tx -> integrity.find(tx, due, "missing", NEWEST)),
                new Use("resolve", tx -> integrity.resolve(tx, due, NEWEST)),
                new Use("claim", tx -> claims.insert(tx, "claimed/new", NEWEST)),
                new Use("settle", tx -> claims.settle(tx, "claimed/5")),
                new Use("give up", tx -> claims.giveUp(tx, "claimed/5", NEWEST)),
                new Use("doom", tx -> claims.doom(tx, List.of("documents/5/1", "documents/5/2"), NEWEST)),
                new Use("doom due", tx -> claims.doomDue(tx, EARLY, 10)),
                new Use("doomed", tx -> claims.doomed(tx, keys)),
                new Use("forget", tx -> claims.forget(tx, keys, NEWEST)),
                new Use("open upload", tx -> uploads.insert(tx, upload())),
                new Use("upload", tx -> uploads.find(tx, "upload-5", 5, EARLY)),
                new Use("lock uploads", tx -> uploads.lock(tx, 5)),
                new Use("count uploads", tx -> uploads.count(tx, 5, EARLY)),
                new Use("end upload", tx -> uploads.delete(tx, "upload-5")),
                new Use("expired uploads", tx -> uploads.deleteExpired(tx, EARLY, 10)));
    }

    @ParameterizedTest
    @MethodSource({"documentUses", "jobUses"})
    void readsNoTableThatGrowsFromEndToEnd(Use use) {
        var scanned = database.inTransaction(tx -> {
            tx.rollbackAtEnd();
            return SequentialScans.during(
                    tx.sql().getConnection(), () -> use.work().accept(tx));
        });
        assertThat(scanned).isSubsetOf("document_category", "document_log_end");
    }

    private static ContentVersion content(int version) {
        return new ContentVersion(
                version, "a.pdf", "application/pdf", 1, "sha-256:00", "documents/new/" + version, NEWEST);
    }

    private static PresignedUpload upload() {
        return new PresignedUpload("upload-new", 5, "", 5, null, null, "a.pdf", 1, "", "staging/new", NEWEST);
    }
}
