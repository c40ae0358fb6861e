package bank.document.blob;

/// The content store has no such object, or not those bytes of it.
public final class BlobMissingException extends BlobStoreException {
    /// @param key key of the object
    public BlobMissingException(String key, Throwable cause) {
        super("no such bytes of object " + key, cause);
    }
}
