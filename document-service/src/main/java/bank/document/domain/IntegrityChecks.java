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
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Re-reads stored contents, longest unread first, and reports those that no longer have their digest, or
/// cannot be read: in the log, and in the table `integrity_finding` until they are right again.
public final class IntegrityChecks {
    private static final Logger log = LoggerFactory.getLogger(IntegrityChecks.class);
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final String MISSING = "missing";
    private static final String UNREADABLE = "unreadable";
    private static final Duration UNREADABLE_PAUSE = Duration.ofHours(1);

    /// So many contents after each other that cannot be read end a run: then it is the store that is unwell.
    static final int UNREADABLE_MAX = 5;

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

    /// Checks the contents that are due. Ends early when the content store does not answer. A content that it
    /// cannot give while it answers otherwise is reported, and read again an hour later.
    public void run() {
        List<IntegrityStore.Due> due =
                database.read(session -> store.due(session, clock.instant().minus(age), batch));
        var unreadable = 0;
        for (var content : due) {
            try {
                note(content, state(content), clock.instant());
                unreadable = 0;
            } catch (BlobMissingException e) {
                note(content, MISSING, clock.instant());
                unreadable = 0;
            } catch (BlobStoreException | IOException e) {
                unreadable++;
                if (!answers() || !noteUnreadable(content, unreadable, e)) {
                    return;
                }
            }
        }
    }

    private boolean answers() {
        try {
            blobs.probe();
            return true;
        } catch (BlobStoreException e) {
            log.warn("the content store does not answer: the rest is checked later", e);
            return false;
        }
    }

    /// Whether to go on.
    private boolean noteUnreadable(IntegrityStore.Due content, int together, Exception cause) {
        log.warn("document {} version {} cannot be read", content.documentId(), content.version(), cause);
        // Neither first in every run, before what was not read yet, nor a whole age later.
        var pause = age.compareTo(UNREADABLE_PAUSE) < 0 ? age : UNREADABLE_PAUSE;
        note(content, UNREADABLE, clock.instant().minus(age).plus(pause));
        if (together < UNREADABLE_MAX) {
            return true;
        }
        log.warn("the content store could not give {} contents after each other: the rest is checked later", together);
        return false;
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

    /// @param verified when the content counts as last read
    private void note(IntegrityStore.Due content, String found, Instant verified) {
        var now = clock.instant();
        database.inTransaction(tx -> {
            // A document deleted meanwhile has lost its content rightly.
            if (store.verified(tx, content, verified)) {
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
