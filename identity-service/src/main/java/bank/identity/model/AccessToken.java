package bank.identity.model;

import java.time.Duration;

/// A signed access token. Never printed.
///
/// @param value the JWT
/// @param life how long it holds
public record AccessToken(String value, Duration life) {
    @Override
    public String toString() {
        return "AccessToken[…]";
    }
}
