package bank.document;

import static org.assertj.core.api.Assertions.assertThat;

import bank.document.blob.BlobStore;
import bank.document.domain.IntegrityChecks;
import bank.document.store.IntegrityStore;
import bank.testing.ExpectedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Contents that are there and cannot be read.
class UnreadableContentIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "ERROR IntegrityChecks integrity: document ",
            "WARN IntegrityChecks document ",
            "WARN IntegrityChecks the content store ");

    private static final Duration AGE = Duration.ofDays(7);

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final Documents documents = new Documents(service);

    private FailingS3 s3;
    private BlobStore blobs;

    @BeforeEach
    void readEverythingOnce() throws IOException {
        s3 = new FailingS3(service);
        blobs = s3.open();
        service.clock.advance(AGE.plusSeconds(1));
        run();
    }

    @AfterEach
    void close() {
        blobs.close();
        s3.close();
    }

    @Test
    void reportsOneThatCannotBeReadAndGoesOn() {
        var unreadable = documents.pending();
        var broken = documents.pending();
        s3.unreadable.add(service.keyOf(unreadable));
        service.blobs.delete(service.keyOf(broken));
        service.clock.advance(AGE.plusSeconds(1));

        run();

        assertThat(finding(unreadable)).isEqualTo("unreadable");
        assertThat(finding(broken)).isEqualTo("missing");

        var reads = s3.reads();
        run();
        assertThat(s3.reads()).as("not first again in the next run").isEqualTo(reads);

        s3.unreadable.clear();
        service.clock.advance(Duration.ofHours(1).plusSeconds(1));
        run();
        assertThat(finding(unreadable)).isEmpty();
    }

    @Test
    void endsARunAfterFiveInARowAndBeginsTheNextBehindThem() {
        var ids = pending(7);
        service.clock.advance(AGE.plusSeconds(1));
        var due = oldestFirst(ids);
        due.forEach(id -> s3.unreadable.add(service.keyOf(id)));

        run();
        assertThat(due.subList(0, 5)).allSatisfy(id -> assertThat(finding(id)).isEqualTo("unreadable"));
        assertThat(due.subList(5, 7)).allSatisfy(id -> assertThat(finding(id)).isEmpty());
        run();
        assertThat(due.subList(5, 7)).allSatisfy(id -> assertThat(finding(id)).isEqualTo("unreadable"));
    }

    @Test
    void countsOnlyThoseInARow() {
        var ids = pending(9);
        service.clock.advance(AGE.plusSeconds(1));
        var due = oldestFirst(ids);
        for (var id : due) {
            if (!id.equals(due.get(4))) {
                s3.unreadable.add(service.keyOf(id));
            }
        }

        run();
        assertThat(due.subList(5, 9)).allSatisfy(id -> assertThat(finding(id)).isEqualTo("unreadable"));
    }

    @Test
    void reportsNothingWhenTheStoreDoesNotAnswer() {
        var ids = pending(2);
        service.clock.advance(AGE.plusSeconds(1));
        s3.fail();

        run();

        assertThat(ids).allSatisfy(id -> assertThat(finding(id)).isEmpty());
        assertThat(log.lines()).singleElement().asString().contains("does not answer");
    }

    private static List<Long> pending(int count) {
        var ids = new ArrayList<Long>();
        for (var i = 0; i < count; i++) {
            ids.add(documents.pending());
        }
        return ids;
    }

    /// Those of them that are due, in the order in which they are read.
    private static List<Long> oldestFirst(List<Long> ids) {
        var store = new IntegrityStore();
        return service
                .database
                .read(session -> store.due(session, service.clock.instant().minus(AGE), 1000))
                .stream()
                .map(IntegrityStore.Due::documentId)
                .filter(ids::contains)
                .toList();
    }

    private void run() {
        new IntegrityChecks(service.database, new IntegrityStore(), blobs, service.clock, AGE, 1000).run();
    }

    private static String finding(long id) {
        return service.database.read(session -> session.sql()
                .createQuery("""
                        SELECT found FROM integrity_finding
                        WHERE document_id = :id AND version = 1 AND resolved_at IS NULL""")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .orElse(""));
    }
}
