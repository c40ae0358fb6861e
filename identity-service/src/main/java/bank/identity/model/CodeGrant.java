package bank.identity.model;

import org.jspecify.annotations.Nullable;

/// What a client gets for a code. Never printed.
///
/// @param tokens access and refresh token
/// @param idToken tells the client who signed in; null unless it asked for that
public record CodeGrant(TokenPair tokens, @Nullable String idToken) {
    @Override
    public String toString() {
        return "CodeGrant[…]";
    }
}
