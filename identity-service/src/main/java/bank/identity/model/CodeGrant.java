package bank.identity.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client gets for a code. Never printed.
///
/// @param tokens access and refresh token
/// @param idToken tells the client who signed in; null unless it asked for that
/// @param scopes what the user lets the client do and know; null for a client of the bank itself
public record CodeGrant(
        TokenPair tokens,
        @Nullable String idToken,
        @Nullable Set<String> scopes) {
    public CodeGrant {
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }

    @Override
    public String toString() {
        return "CodeGrant[…]";
    }
}
