package bank.identity.model;

/// What HMRC says of a person's death.
public enum DeathState {
    /// Somebody said that the person died.
    INFORMAL,
    /// The death is registered.
    FORMAL,
    /// The person is not dead.
    REMOVED
}
