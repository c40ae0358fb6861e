package bank.document.domain;

import bank.document.blob.BlobMissingException;
import bank.document.blob.BlobStore;
import bank.document.model.DocumentDetails;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.FileName;
import bank.document.model.PresignedUpload;
import bank.document.model.PromisedDigests;
import bank.document.store.PresignedUploadStore;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import bank.platform.failure.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Uploads whose bytes go straight to S3, under a staging key by a presigned URL. What becomes a document
/// is a copy that was checked on its way to a key no client can write: what is put later to the URL changes
/// nothing.
public final class PresignedUploads {
    private static final Logger log = LoggerFactory.getLogger(PresignedUploads.class);
    private static final int ID_BYTES = 20;
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int BATCH = 1000;
    private static final Duration LINK_TIME_MIN = Duration.ofSeconds(1);

    /// Limits of presigned uploads.
    ///
    /// @param bytesMax most bytes of a file
    /// @param openMax most uploads a user has open
    /// @param timeMax time from the opening to the end of the URL
    /// @param grace longest time a transfer begun before the end of the URL goes on
    public record Limits(long bytesMax, int openMax, Duration timeMax, Duration grace) {}

    private final Database database;
    private final PresignedUploadStore store;
    private final Categories categories;
    private final StoredObjects objects;
    private final Uploads uploads;
    private final BlobStore blobs;
    private final Clock clock;
    private final Limits limits;
    private final SecureRandom random = new SecureRandom();

    public PresignedUploads(
            Database database,
            PresignedUploadStore store,
            Categories categories,
            StoredObjects objects,
            Uploads uploads,
            BlobStore blobs,
            Clock clock,
            Limits limits) {
        this.database = database;
        this.store = store;
        this.categories = categories;
        this.objects = objects;
        this.uploads = uploads;
        this.blobs = blobs;
        this.clock = clock;
        this.limits = limits;
    }

    /// Opens an upload.
    ///
    /// @param contentDigest promised digests, in the form of the Content-Digest header
    /// @throws DocumentException RESOURCE_EXHAUSTED, reason CONTENT_TOO_LARGE or TOO_MANY_OPEN_UPLOADS
    public PresignedUpload open(
            Tx tx, long userId, DocumentDetails details, FileName name, long sizeBytes, String contentDigest) {
        PromisedDigests.parse(contentDigest);
        if (sizeBytes > limits.bytesMax()) {
            throw new DocumentException(new DocumentFailure.ContentTooLarge(limits.bytesMax()));
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        store.lock(tx, userId);
        if (store.count(tx, userId, now) >= limits.openMax()) {
            throw new DocumentException(new DocumentFailure.TooManyOpenUploads(limits.openMax()));
        }
        var id = new byte[ID_BYTES];
        random.nextBytes(id);
        var text = HexFormat.of().formatHex(id);
        var upload = new PresignedUpload(
                text,
                userId,
                details.description(),
                categories.of(tx, details).id(),
                details.actualDate(),
                details.actualEndDate(),
                name.value(),
                sizeBytes,
                contentDigest,
                stagingKey(text),
                now.plus(limits.timeMax()));
        store.insert(tx, upload);
        objects.claim(tx, upload.stagingKey(), upload.expiresAt().plus(limits.grace()));
        return upload;
    }

    /// An open upload of a user.
    ///
    /// @throws DocumentException NOT_FOUND, also for another user's and for one that has ended
    public PresignedUpload get(long userId, String id) {
        return database.read(session -> store.find(session, id, userId, clock.instant()))
                .orElseThrow(() -> new DocumentException(new DocumentFailure.UploadNotFound()));
    }

    /// URL that takes the bytes of an open upload.
    ///
    /// @throws DocumentException NOT_FOUND when the upload has ended: what were put to a URL now would be
    ///     cleared away by nobody
    public URI link(String id, Instant expiresAt, long sizeBytes) {
        var left = Duration.between(clock.instant(), expiresAt);
        if (!left.isPositive()) {
            throw new DocumentException(new DocumentFailure.UploadNotFound());
        }
        // Signatures count whole seconds, and at least one.
        return blobs.writeLink(stagingKey(id), left.compareTo(LINK_TIME_MIN) < 0 ? LINK_TIME_MIN : left, sizeBytes);
    }

    /// Reads what was put to the URL, checking size and digest. To be closed.
    ///
    /// @param caller name of the caller
    /// @throws DocumentException FAILED_PRECONDITION, reason UPLOAD_INCOMPLETE or SIZE_MISMATCH
    public Uploads.Incoming fetch(String caller, PresignedUpload upload) {
        var found = blobs.size(upload.stagingKey());
        if (found.isEmpty()) {
            throw new DocumentException(new DocumentFailure.UploadIncomplete());
        }
        if (found.getAsLong() != upload.sizeBytes()) {
            throw new DocumentException(new DocumentFailure.SizeMismatch(upload.sizeBytes(), found.getAsLong()));
        }
        var incoming = uploads.receive(caller, upload.sizeBytes(), PromisedDigests.parse(upload.contentDigest()));
        try (var in = blobs.open(upload.stagingKey(), 0, upload.sizeBytes())) {
            var buffer = new byte[BUFFER_BYTES];
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                Cancellation.refuse();
                incoming.write(ByteBuffer.wrap(buffer, 0, read));
            }
            return incoming;
        } catch (BlobMissingException e) {
            incoming.close();
            throw new DocumentException(new DocumentFailure.UploadIncomplete());
        } catch (IOException e) {
            incoming.close();
            throw new UncheckedIOException("cannot read " + upload.stagingKey(), e);
        } catch (RuntimeException e) {
            incoming.close();
            throw e;
        }
    }

    /// Ends an upload that became a document.
    ///
    /// @throws DocumentException NOT_FOUND when it had ended already
    public void finish(Tx tx, PresignedUpload upload) {
        if (!store.delete(tx, upload.id())) {
            throw new DocumentException(new DocumentFailure.UploadNotFound());
        }
    }

    /// Frees the space of an upload that became a document.
    public void clear(PresignedUpload upload) {
        objects.deleteStaged(upload.stagingKey());
    }

    /// Forgets uploads that nobody finished in time; their objects go with their claims.
    public void forgetExpired() {
        int forgotten = database.inDetachedTransaction(tx -> store.deleteExpired(tx, clock.instant(), BATCH));
        if (forgotten > 0) {
            log.info("{} presigned uploads were never finished", forgotten);
        }
    }

    private static String stagingKey(String id) {
        return "staging/" + id;
    }
}
