package bank.document.domain;

import bank.document.blob.BlobMissingException;
import bank.document.blob.BlobStore;
import bank.document.blob.BlobStoreException;
import bank.document.store.IntegrityStore;
import bank.platform.db.Database;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Re-reads stored contents, longest unread first, and reports those that no longer have their digest: in
/// the log, and in the table `integrity_finding` until they have it again.
public final class IntegrityChecks {
    private static final Logger log = LoggerFactory.getLogger(IntegrityChecks.class);
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final String MISSING = "missing";

    private final Database database;
    private final IntegrityStore store;
    private final BlobStore blobs;
    private final Clock clock;
    private final Duration age;
    private final int batch;

    /// @param age how long after a content was read it is read again
    /// @param batch most contents read in one run
    public IntegrityChecks(
            Database database, IntegrityStore store, BlobStore blobs, Clock clock, Duration age, int batch) {
        this.database = database;
        this.store = store;
        this.blobs = blobs;
        this.clock = clock;
        this.age = age;
        this.batch = batch;
    }

    /// Checks the contents that are due. Ends early when the content store does not answer.
    public void run() {
        List<IntegrityStore.Due> due =
                database.read(session -> store.due(session, clock.instant().minus(age), batch));
        for (var content : due) {
            try {
                note(content, state(content));
            } catch (BlobMissingException e) {
                note(content, MISSING);
            } catch (BlobStoreException | IOException e) {
                log.warn("the content store does not answer: the rest is checked later", e);
                return;
            }
        }
    }

    /// Digest of what is stored, or what else is wrong with it.
    private String state(IntegrityStore.Due content) throws IOException {
        var size = blobs.size(content.key());
        if (size.isEmpty()) {
            return MISSING;
        }
        return size.getAsLong() == content.sizeBytes() ? digest(content) : "size:" + size.getAsLong();
    }

    private String digest(IntegrityStore.Due content) throws IOException {
        var sha256 = sha256();
        try (var in = blobs.open(content.key(), 0, content.sizeBytes())) {
            var buffer = new byte[BUFFER_BYTES];
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        }
        return "sha-256:" + HexFormat.of().formatHex(sha256.digest());
    }

    private void note(IntegrityStore.Due content, String found) {
        var now = clock.instant();
        database.inTransaction(tx -> {
            // A document deleted meanwhile has lost its content rightly.
            if (store.verified(tx, content, now)) {
                if (!found.equals(content.digest())) {
                    store.find(tx, content, found, now);
                    log.error(
                            "integrity: document {} version {}: expected {}, found {}",
                            content.documentId(),
                            content.version(),
                            content.digest(),
                            found);
                } else if (store.resolve(tx, content, now)) {
                    log.info(
                            "integrity: document {} version {} is whole again",
                            content.documentId(),
                            content.version());
                }
            }
            return found;
        });
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
