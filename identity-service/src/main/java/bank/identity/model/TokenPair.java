package bank.identity.model;

/// An access token and the refresh token that renews it. Never printed.
public record TokenPair(AccessToken access, String refreshToken) {
    @Override
    public String toString() {
        return "TokenPair[…]";
    }
}
