package bank.identity.model;

/// Carries an `IdentityFailure`. Has no stack trace: it is an answer, not a bug.
public final class IdentityException extends RuntimeException {
    private final transient IdentityFailure failure;

    /// @param failure what went wrong
    public IdentityException(IdentityFailure failure) {
        super(failure.getClass().getSimpleName(), null, false, false);
        this.failure = failure;
    }

    /// What went wrong.
    public IdentityFailure failure() {
        return failure;
    }
}
