package bank.registry.model;

/// What HMRC says of a person's death.
public enum DeathState {
    /// Somebody said that he died.
    INFORMAL,
    /// The death is registered.
    FORMAL,
    /// He is not dead.
    REMOVED
}
