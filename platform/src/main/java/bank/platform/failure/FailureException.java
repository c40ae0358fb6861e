package bank.platform.failure;

/// Carries a `Failure` to the interceptor that answers with it. Has no stack trace: it is an answer,
/// not a bug.
public final class FailureException extends RuntimeException {
    private final transient Failure failure;

    FailureException(Failure failure) {
        super(failure.reason() + ": " + failure.message(), null, false, false);
        this.failure = failure;
    }

    /// What went wrong.
    public Failure failure() {
        return failure;
    }
}
