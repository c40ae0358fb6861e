package bank.registry.model;

/// How far a verification is, as far as the registry is concerned.
public sealed interface VerificationState {
    /// The registry knows him as he says he is.
    record Verified() implements VerificationState {}

    /// It does not.
    record Rejected(Rejection why) implements VerificationState {}

    /// It did not answer.
    ///
    /// @param parked it is not asked again by itself
    record Unanswered(boolean parked) implements VerificationState {}
}
