package bank.registry.model;

import org.jspecify.annotations.Nullable;

/// A registry gave no answer, or none that can be believed. Says nothing of the person asked for.
public final class RegistryUnavailableException extends RuntimeException {
    private final boolean passing;

    /// @param passing another try in a moment may well succeed
    public RegistryUnavailableException(String message, boolean passing, @Nullable Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    /// Another try in a moment may well succeed.
    public boolean passing() {
        return passing;
    }
}
