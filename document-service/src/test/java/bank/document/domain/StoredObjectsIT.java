package bank.document.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.document.SmallPdf;
import bank.document.TestDatabase;
import bank.document.blob.BlobStoreException;
import bank.document.blob.S3BlobStore;
import bank.document.content.ReceivedContent;
import bank.document.content.Spool;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.PromisedDigests;
import bank.document.store.ObjectClaimStore;
import bank.platform.db.Database;
import bank.testing.PostgresExtension;
import bank.testing.S3Extension;
import bank.testing.TestClock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// What is left when the process dies between two steps, and what becomes of it.
class StoredObjectsIT {
    private static final Duration GRACE = Duration.ofHours(1);

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final S3Extension s3 = new S3Extension();

    private static Database database;
    private static S3BlobStore blobs;

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private Spool spool;
    private ReceivedContent content;
    private StoredObjects objects;

    @BeforeAll
    static void connect() {
        database = Database.open(new TestDatabase(postgres), "document");
        blobs = open(s3.bucket());
    }

    @AfterAll
    static void disconnect() {
        blobs.close();
        database.close();
    }

    @BeforeEach
    void receive() {
        spool = Spool.open(directory);
        var reception = spool.receive(10_000, PromisedDigests.none());
        reception.write(ByteBuffer.wrap(SmallPdf.of("content")));
        content = reception.finish();
        objects = new StoredObjects(database, new ObjectClaimStore(), blobs, clock, GRACE);
    }

    @AfterEach
    void nothingIsLeft() {
        clock.advance(GRACE.multipliedBy(3));
        objects.sweep();
        assertThat(claims()).isEmpty();
        assertThat(s3.bucketIsEmpty()).isTrue();
        content.close();
        spool.close();
    }

    @Test
    void forgetsAnUploadThatDiedBeforeItsObject() {
        objects.claim();
        clock.advance(GRACE.plusSeconds(1));
        objects.sweep();
        assertThat(claims()).isEmpty();
    }

    @Test
    void deletesTheObjectOfAnUploadThatDiedBeforeItsDocument() {
        var object = objects.claim();
        objects.put(object, content);
        clock.advance(GRACE.minusSeconds(10));
        objects.sweep();
        assertThat(blobs.size(object.key())).isPresent();
        clock.advance(Duration.ofSeconds(11));
        objects.sweep();
        assertThat(blobs.size(object.key())).isEmpty();
        assertThat(claims()).isEmpty();
    }

    @Test
    void refusesTheDocumentOfAnUploadThatWasGivenUp() {
        var object = objects.claim();
        objects.put(object, content);
        clock.advance(GRACE.plusSeconds(1));
        objects.sweep();
        assertThatExceptionOfType(DocumentException.class)
                .isThrownBy(() -> database.inTransaction(tx -> {
                    object.settle(tx);
                    return object;
                }))
                .satisfies(e -> assertThat(e.failure()).isEqualTo(new DocumentFailure.UploadExpired()));
    }

    @Test
    void keepsTheObjectThatBecameADocument() {
        var key = objects.store(
                content,
                object -> database.inTransaction(tx -> {
                    object.settle(tx);
                    return object.key();
                }));
        clock.advance(GRACE.multipliedBy(2));
        objects.sweep();
        assertThat(blobs.size(key)).hasValue(content.sizeBytes());
        assertThat(claims()).isEmpty();
        blobs.delete(key);
    }

    @Test
    void deletesTheObjectAtOnceWhenTheTransactionFails() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> objects.store(
                        content,
                        object -> database.inTransaction(tx -> {
                            object.settle(tx);
                            throw new IllegalStateException("as if the database had refused");
                        })));
        assertThat(claims()).isEmpty();
        assertThat(s3.bucketIsEmpty()).isTrue();
    }

    @Test
    void deletesTheObjectAtOnceWhenTheWorkDoesNotNeedIt() {
        objects.store(content, object -> "a repeat was answered instead");
        assertThat(claims()).isEmpty();
        assertThat(s3.bucketIsEmpty()).isTrue();
    }

    @Test
    void deletesWhatADeletionThatDiedHadDoomed() {
        var key = objects.store(
                content,
                object -> database.inTransaction(tx -> {
                    object.settle(tx);
                    return object.key();
                }));
        database.inTransaction(tx -> {
            objects.doom(tx, List.of(key));
            return key;
        });
        assertThat(blobs.size(key)).isPresent();
        objects.sweep();
        assertThat(blobs.size(key)).isEmpty();
        assertThat(claims()).isEmpty();
    }

    @Test
    void deletesNothingOfADeletionThatCameToNothing() {
        var key = objects.store(
                content,
                object -> database.inTransaction(tx -> {
                    object.settle(tx);
                    return object.key();
                }));
        database.inTransaction(tx -> {
            objects.doom(tx, List.of(key));
            tx.rollbackAtEnd();
            return key;
        });
        objects.deleteDoomed(List.of(key));
        objects.sweep();
        assertThat(blobs.size(key)).isPresent();
        blobs.delete(key);
    }

    @Test
    void looksAgainForAnObjectWhoseStoringWasInterrupted() {
        var object = objects.claim();
        var bucket = s3.createBucket();
        try (var refusing = open(bucket)) {
            deleteBucket(bucket);
            var failing = new StoredObjects(database, new ObjectClaimStore(), refusing, clock, GRACE);
            assertThatExceptionOfType(BlobStoreException.class).isThrownBy(() -> failing.put(object, content));
        }
        // The request that was given up is carried out after all.
        blobs.put(object.key(), content::open, content.sizeBytes(), content.sha256());
        assertThat(claims()).containsExactly("doomed");
        objects.sweep();
        assertThat(claims()).containsExactly("doomed");
        clock.advance(GRACE.plusSeconds(1));
        objects.sweep();
        assertThat(blobs.size(object.key())).isEmpty();
        assertThat(claims()).isEmpty();
    }

    private static List<String> claims() {
        return database.read(session -> session.sql()
                .createQuery("SELECT state FROM object_claim")
                .mapTo(String.class)
                .list());
    }

    private static S3BlobStore open(String bucket) {
        return S3BlobStore.open(
                new S3BlobStore.Location(
                        s3.endpoint(), s3.endpoint(), s3.region(), bucket, s3.accessKey(), s3.secretKey()),
                Duration.ofSeconds(30));
    }

    private static void deleteBucket(String bucket) {
        try (var client = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(s3.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .forcePathStyle(true)
                .build()) {
            client.deleteBucket(delete -> delete.bucket(bucket));
        }
    }
}
