package bank.identity.model;

/// Status of a user's account.
public enum UserStatus {
    /// May sign in.
    ACTIVE,
    /// Sign-in refused.
    BLOCKED,
    /// Reported dead by a registry.
    DECEASED
}
