package bank.identity.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An OAuth client with what its registry knows of it.
///
/// @param type how it proves who it is
/// @param secretId names its secret; null when none was made here
/// @param oldSecretEndsAt until when the secret before holds; null when there is none
/// @param version grows with each change
public record RegisteredClient(
        OAuthClient client,
        ClientType type,
        ClientOrigin origin,
        @Nullable UUID secretId,
        @Nullable Instant oldSecretEndsAt,
        Instant createdAt,
        long version) {

    /// Version of its data, for If-Match.
    public String etag() {
        return Long.toString(version);
    }

    /// What of it can be changed.
    public ClientDetails details() {
        return new ClientDetails(
                client.name(),
                client.grants(),
                client.scopes(),
                client.redirectUris(),
                client.jwks(),
                client.dpopBound());
    }
}
