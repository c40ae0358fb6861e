package bank.platform.events;

/// An event that no repeat would make right: it goes to the dead letters at once.
public final class UnprocessableEventException extends RuntimeException {

    /// @param reason what is wrong with it, for the operator; nothing personal
    public UnprocessableEventException(String reason) {
        super(reason);
    }
}
