package bank.identity.model;

import java.util.Locale;

/// Why a verification was rejected, or what it waits for.
public enum VerificationReason {
    /// The user told no name or no birth date.
    INCOMPLETE,
    /// The registry knows no such identifier.
    UNKNOWN_IDENTIFIER,
    /// The registry knows another name or birth date.
    MISMATCH,
    /// The registry says that the person is dead.
    DECEASED,
    /// The identifier verified another user already.
    IDENTIFIER_TAKEN,
    /// The registry does not answer.
    REGISTRY_UNAVAILABLE;

    /// As it is printed, e.g. `mismatch`.
    public String printed() {
        return name().toLowerCase(Locale.ROOT);
    }
}
