package bank.identity.model;

/// How far a user's identity is verified.
public enum VerificationStatus {
    /// Nothing asked yet.
    UNVERIFIED,
    /// A registry was asked.
    PENDING,
    /// The registry confirmed him.
    VERIFIED,
    /// The registry did not; the user carries the reason.
    REJECTED
}
