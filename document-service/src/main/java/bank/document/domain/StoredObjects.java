package bank.document.domain;

import bank.document.blob.BlobStore;
import bank.document.blob.BlobStoreException;
import bank.document.content.ReceivedContent;
import bank.document.store.ObjectClaimStore;
import bank.platform.db.Database;
import bank.platform.db.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps objects in S3 and rows in the database in step, also when the process dies in between.
///
/// A claim of the key is committed before the object is put, and ended by the transaction that makes it
/// part of a document. What is given up or no longer belongs to a document keeps a claim, marked as
/// doomed, until the object is gone. `sweep` clears away whatever is left.
public final class StoredObjects {
    private static final Logger log = LoggerFactory.getLogger(StoredObjects.class);
    private static final int BATCH = 100;
    private static final int BATCHES_MAX = 100;

    private final Database database;
    private final ObjectClaimStore claims;
    private final BlobStore blobs;
    private final Clock clock;
    private final Duration grace;

    /// @param grace how long after its claim an upload is given up; longer than storing an object may take
    public StoredObjects(Database database, ObjectClaimStore claims, BlobStore blobs, Clock clock, Duration grace) {
        this.database = database;
        this.claims = claims;
        this.blobs = blobs;
        this.clock = clock;
        this.grace = grace;
    }

    /// Stores a content and runs the work that makes it part of a document.
    ///
    /// @param work runs a transaction in which it settles the object. When it throws, or does not settle
    ///     because it has nothing to do, the object goes again
    public <T> T store(ReceivedContent content, Function<StoredObject, T> work) {
        return settle(keep(content), work);
    }

    /// Stores a content that is to become part of a document by `settle`, or to be given up by `abandon`.
    public StoredObject keep(ReceivedContent content) {
        var object = claim();
        put(object, content);
        return object;
    }

    /// Runs the work that makes a kept object part of a document, as `store` does.
    public <T> T settle(StoredObject object, Function<StoredObject, T> work) {
        var done = false;
        try {
            var result = work.apply(object);
            done = object.settled();
            return result;
        } finally {
            if (!done) {
                abandon(object);
            }
        }
    }

    /// Gives a kept object up.
    public void abandon(StoredObject object) {
        giveUp(object.key(), clock.instant());
    }

    /// Runs the work of `store` without storing anything: for dry runs, whose transaction comes to nothing.
    public <T> T imagine(Function<StoredObject, T> work) {
        return work.apply(new StoredObject(claims, newKey(), false));
    }

    /// First step of an upload: the claim of a new key.
    StoredObject claim() {
        var key = newKey();
        database.inTransaction(tx -> {
            claims.insert(tx, key, clock.instant().plus(grace));
            return key;
        });
        return new StoredObject(claims, key, true);
    }

    /// Second step: the object.
    void put(StoredObject object, ReceivedContent content) {
        try {
            blobs.put(object.key(), content::open, content.sizeBytes(), content.sha256());
        } catch (RuntimeException e) {
            // A request given up here may still be carried out there: it is looked at again later.
            giveUp(object.key(), clock.instant().plus(grace));
            throw e;
        }
    }

    /// Claims a key that a client will write: what is there is deleted when the claim is due.
    void claim(Tx tx, String key, Instant due) {
        claims.insert(tx, key, due);
    }

    /// Dooms objects of a document that is being deleted.
    void doom(Tx tx, Collection<String> keys) {
        claims.doom(tx, keys, clock.instant());
    }

    /// Deletes objects that a transaction has doomed, if it stands, as far as it goes; the rest is left to
    /// `sweep`.
    public void deleteDoomed(List<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        try {
            var first = keys.subList(0, Math.min(keys.size(), BATCH));
            List<String> doomed = database.inDetachedTransaction(tx -> claims.doomed(tx, first));
            forget(delete(doomed), clock.instant());
        } catch (RuntimeException e) {
            log.warn("{} objects are left to the reaper", keys.size(), e);
        }
    }

    /// Deletes what is due now, as far as it goes; the rest is left to the next time.
    public void sweep() {
        for (var i = 0; i < BATCHES_MAX; i++) {
            var now = clock.instant();
            List<String> keys = database.inDetachedTransaction(tx -> claims.doomDue(tx, now, BATCH));
            var deleted = delete(keys);
            forget(deleted, now);
            if (keys.size() < BATCH || deleted.isEmpty()) {
                return;
            }
        }
    }

    /// Deletes an object that a client wrote and nobody needs. Its claim stays, for the client may write it
    /// again.
    void deleteStaged(String key) {
        delete(List.of(key));
    }

    private void giveUp(String key, Instant due) {
        try {
            if (database.inDetachedTransaction(tx -> claims.giveUp(tx, key, due))) {
                forget(delete(List.of(key)), clock.instant());
            }
        } catch (RuntimeException e) {
            log.warn("object {} is left to the reaper", key, e);
        }
    }

    private List<String> delete(List<String> keys) {
        var deleted = new ArrayList<String>();
        for (var key : keys) {
            try {
                blobs.delete(key);
                deleted.add(key);
            } catch (BlobStoreException e) {
                log.warn("object {} cannot be deleted now", key, e);
            }
        }
        return deleted;
    }

    private void forget(List<String> deleted, Instant now) {
        database.inDetachedTransaction(tx -> {
            claims.forget(tx, deleted, now);
            return deleted.size();
        });
    }

    private static String newKey() {
        return "documents/" + UUID.randomUUID();
    }
}
