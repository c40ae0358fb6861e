package bank.identity.model;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a code stands for.
///
/// @param clientId client it was given to
/// @param userId user who signed in
/// @param epoch how often all his sessions had been ended by then
/// @param redirectUri where it was sent
/// @param challenge what the client's proof must fit
/// @param scopes what the user lets the client do and know
/// @param nonce goes into the id token; null when there is none
/// @param signedInAt when the user signed in
/// @param origin where he was then
/// @param createdAt when the code was given
public record AuthorizationCode(
        String clientId,
        long userId,
        long epoch,
        String redirectUri,
        String challenge,
        Set<String> scopes,
        @Nullable String nonce,
        Instant signedInAt,
        Origin origin,
        Instant createdAt) {
    public AuthorizationCode {
        scopes = Set.copyOf(scopes);
    }

    /// The user who signed in.
    public ProvedUser user() {
        return new ProvedUser(userId, epoch);
    }
}
