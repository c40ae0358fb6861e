package bank.document.model;

/// Carries a failure from where it is found to where it is told.
public final class DocumentException extends RuntimeException {
    private final transient DocumentFailure failure;

    /// @param failure what went wrong
    public DocumentException(DocumentFailure failure) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }

    /// What went wrong.
    public DocumentFailure failure() {
        return failure;
    }
}
