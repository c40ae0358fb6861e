package bank.identity.model;

/// Life of a signing key; its public half is published in every state.
public enum SigningKeyState {
    /// Published, not yet signing.
    NEXT,
    /// Signs.
    ACTIVE,
    /// No longer signs; published until its last token has ended.
    RETIRED
}
