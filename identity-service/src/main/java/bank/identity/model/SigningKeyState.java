package bank.identity.model;

/// Life of a signing key.
public enum SigningKeyState {
    /// Published, not yet signing.
    NEXT,
    /// Signs.
    ACTIVE,
    /// No longer signs; published until its last token has ended.
    RETIRED,
    /// Neither signs nor is published: it may be known to somebody.
    WITHDRAWN
}
