package bank.identity.model;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What came of asking a registry about a user.
///
/// @param requestId the request it answers
/// @param outcome verified, rejected, or pending: the registry is tried again
/// @param reason why it was rejected, or what it waits for
/// @param attempts how often the registry was tried
/// @param parked the request came to the dead letters
public record VerificationAnswer(
        long userId,
        UUID requestId,
        VerificationStatus outcome,
        @Nullable VerificationReason reason,
        int attempts,
        boolean parked) {}
