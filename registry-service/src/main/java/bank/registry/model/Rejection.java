package bank.registry.model;

/// Why somebody is not who he says he is, as far as can be told.
public enum Rejection {
    /// He told no name or no birth date.
    INCOMPLETE,
    /// The registry knows no such identifier.
    UNKNOWN_IDENTIFIER,
    /// The registry knows another name or birth date.
    MISMATCH,
    /// The registry says that the person is dead.
    DECEASED,
    /// The identifier verified another user already.
    IDENTIFIER_TAKEN
}
