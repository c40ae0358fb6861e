package bank.document.domain;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.store.ObjectClaimStore;
import bank.platform.db.Tx;

/// An object in S3 that waits for the transaction which makes it the content of a document.
public final class StoredObject {
    private final ObjectClaimStore claims;
    private final String key;
    private final boolean claimed;
    private boolean settled;

    StoredObject(ObjectClaimStore claims, String key, boolean claimed) {
        this.claims = claims;
        this.key = key;
        this.claimed = claimed;
    }

    /// Key of the object.
    public String key() {
        return key;
    }

    /// Makes the object part of a document when the transaction commits.
    ///
    /// @throws DocumentException ABORTED, reason UPLOAD_EXPIRED, when it was given up meanwhile
    public void settle(Tx tx) {
        if (claimed && !claims.settle(tx, key)) {
            throw new DocumentException(new DocumentFailure.UploadExpired());
        }
        settled = true;
    }

    boolean settled() {
        return settled;
    }
}
