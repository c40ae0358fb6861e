package bank.identity.model;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A signed access token. Never printed.
///
/// @param value the JWT
/// @param life how long it holds
/// @param scopes what it allows; null for a user's in a client of the bank itself, which may do whatever he may
/// @param bound it counts with a proof of its key alone (RFC 9449)
public record AccessToken(
        String value, Duration life, @Nullable Set<String> scopes, boolean bound) {
    public AccessToken {
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }

    /// The same token, whose client is told what it allows though nothing narrows it.
    public AccessToken telling(Set<String> allowed) {
        return new AccessToken(value, life, allowed, bound);
    }

    @Override
    public String toString() {
        return "AccessToken[…]";
    }
}
