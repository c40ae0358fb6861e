package bank.document.blob;

/// The content store does not answer, or refuses.
public class BlobStoreException extends RuntimeException {
    /// @param message what was tried
    public BlobStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
