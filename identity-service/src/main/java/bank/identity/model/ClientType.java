package bank.identity.model;

/// How an OAuth client proves who it is.
public enum ClientType {
    /// It does not: it keeps no secret.
    PUBLIC,
    /// By a secret.
    SECRET,
    /// By assertions signed with a key of its own.
    KEYS
}
