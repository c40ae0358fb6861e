package bank.identity.model;

import java.time.Duration;

/// A signed access token. Never printed.
///
/// @param value the JWT
/// @param life how long it holds
/// @param bound it counts with a proof of its key alone (RFC 9449)
public record AccessToken(String value, Duration life, boolean bound) {
    @Override
    public String toString() {
        return "AccessToken[…]";
    }
}
