package bank.document;

import static org.assertj.core.api.Assertions.assertThat;

import bank.document.domain.IntegrityChecks;
import bank.document.store.IntegrityStore;
import bank.testing.ExpectedLog;
import bank.v1.DeleteDocumentRequest;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

class IntegrityIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("ERROR IntegrityChecks integrity: document ");

    private static final Duration AGE = Duration.ofDays(7);

    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final Documents documents = new Documents(service);

    @Test
    void reportsChangedAndMissingContentUntilItIsMended() {
        var whole = documents.pending();
        var changed = documents.pending();
        var missing = documents.pending();
        var bytes = Received.content(service.client(), changed);
        var same = Received.content(service.client(), missing);
        var missingKey = service.keyOf(missing);
        var flipped = bytes.clone();
        flipped[10]++;
        put(service.keyOf(changed), flipped);
        service.blobs.delete(missingKey);

        run(100);
        assertThat(finding(changed)).isEmpty();

        service.clock.advance(AGE.plusSeconds(1));
        run(100);
        assertThat(finding(whole)).isEmpty();
        assertThat(finding(changed)).startsWith("sha-256:");
        assertThat(finding(missing)).isEqualTo("missing");
        assertThat(log.lines())
                .anyMatch(line -> line.contains("document " + changed + " version 1: expected sha-256:"))
                .anyMatch(
                        line -> line.contains("document " + missing + " version 1:") && line.endsWith("found missing"))
                .noneMatch(line -> line.contains("document " + whole + " "));

        put(service.keyOf(changed), bytes);
        put(missingKey, same);
        run(100);
        assertThat(finding(changed)).as("not due again yet").isNotEmpty();
        service.clock.advance(AGE.plusSeconds(1));
        run(100);
        assertThat(finding(changed)).isEmpty();
        assertThat(finding(missing)).isEmpty();
    }

    @Test
    void reportsContentOfAnotherLength() {
        var id = documents.pending();
        var bytes = Received.content(service.client(), id);
        var longer = Arrays.copyOf(bytes, bytes.length + 1);
        put(service.keyOf(id), longer);
        service.clock.advance(AGE.plusSeconds(1));
        run(1000);
        assertThat(finding(id)).isEqualTo("size:" + longer.length);
        put(service.keyOf(id), Arrays.copyOf(bytes, bytes.length - 1));
        service.clock.advance(AGE.plusSeconds(1));
        run(1000);
        assertThat(finding(id)).isEqualTo("size:" + (bytes.length - 1));
    }

    @Test
    void readsInBatchesWhatWasReadLongestAgo() {
        var first = documents.pending();
        var second = documents.pending();
        service.clock.advance(AGE.plusSeconds(1));
        run(1000);
        service.blobs.delete(service.keyOf(first));
        service.blobs.delete(service.keyOf(second));
        service.clock.advance(AGE.plusSeconds(1));
        for (var runs = 0; finding(first).isEmpty(); runs++) {
            assertThat(runs).isLessThan(service.versions());
            assertThat(finding(second)).isEmpty();
            run(1);
        }
        run(1);
        assertThat(finding(second)).isEqualTo("missing");
    }

    @Test
    void reportsNothingOfDeletedDocuments() {
        var id = documents.pending();
        service.client()
                .documents()
                .deleteDocument(DeleteDocumentRequest.newBuilder().setId(id).build());
        service.clock.advance(AGE.plusSeconds(1));
        run(1000);
        assertThat(finding(id)).isEmpty();
    }

    private static void run(int batch) {
        new IntegrityChecks(service.database, new IntegrityStore(), service.blobs, service.clock, AGE, batch).run();
    }

    /// What is told of a document's first version while it stands, or nothing.
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

    private static void put(String key, byte[] bytes) {
        service.s3Client.putObject(put -> put.bucket(service.s3.bucket()).key(key), RequestBody.fromBytes(bytes));
    }
}
