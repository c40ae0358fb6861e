package bank.identity.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a registry was last asked about a user, and what came of it.
///
/// @param identifier the identifier it is about, and so the registry
/// @param requestId id of the request, which an answer names
/// @param requests how often a registry was asked to be asked; 0 before the first time
/// @param reason why it was rejected, or what it waits for
/// @param completedAt when no answer was awaited any more; null while one is
/// @param attempts how often the registry was tried for this request
/// @param parkedAt when the request came to the dead letters; null when it is not among them
public record Verification(
        long userId,
        Identifier identifier,
        UUID requestId,
        long requests,
        VerificationStatus status,
        @Nullable VerificationReason reason,
        Instant requestedAt,
        @Nullable Instant completedAt,
        int attempts,
        @Nullable Instant parkedAt) {
    /// An answer is awaited.
    public boolean open() {
        return completedAt == null;
    }

    /// An answer is awaited, and the registry gave none so far.
    public boolean unanswered() {
        return open() && reason == VerificationReason.REGISTRY_UNAVAILABLE;
    }

    /// An answer to that request is awaited.
    public boolean awaits(UUID request) {
        return open() && requestId.equals(request);
    }
}
