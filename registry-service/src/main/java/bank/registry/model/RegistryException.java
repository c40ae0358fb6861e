package bank.registry.model;

/// Carries a `RegistryFailure` to the rpc. Has no stack trace: it is an answer, not a bug.
public final class RegistryException extends RuntimeException {
    private final transient RegistryFailure failure;

    /// @param failure why it cannot be done
    public RegistryException(RegistryFailure failure) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }

    /// Why it cannot be done.
    public RegistryFailure failure() {
        return failure;
    }
}
