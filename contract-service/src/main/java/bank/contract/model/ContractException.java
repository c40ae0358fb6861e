package bank.contract.model;

/// Carries a `ContractFailure` to the rpc. Has no stack trace: it is an answer, not a bug.
public final class ContractException extends RuntimeException {
    private final transient ContractFailure failure;

    /// @param failure why it cannot be done
    public ContractException(ContractFailure failure) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }

    /// Why it cannot be done.
    public ContractFailure failure() {
        return failure;
    }
}
