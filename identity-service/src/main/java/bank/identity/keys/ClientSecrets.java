package bank.identity.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Secrets of OAuth clients that are made here: 32 bytes in base64url, derived from the client's id and the random name
/// of the secret by a key that is not in the database. So a secret can be told again to a repeat, and none is stored.
public final class ClientSecrets {
    private static final String PURPOSE = "client-secret";

    private final Vault vault;

    /// @param vault derives them
    public ClientSecrets(Vault vault) {
        this.vault = vault;
    }

    /// The secret of a client.
    ///
    /// @param secretId names the secret
    public String secret(String clientId, UUID secretId) {
        var named = (secretId + "/" + clientId).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(vault.code(named, PURPOSE));
    }

    /// What is presented is that secret; takes the same time whether it is or not.
    ///
    /// @param secretId names the secret; null for none
    public boolean matches(String presented, String clientId, @Nullable UUID secretId) {
        return secretId != null
                && MessageDigest.isEqual(
                        presented.getBytes(StandardCharsets.UTF_8),
                        secret(clientId, secretId).getBytes(StandardCharsets.UTF_8));
    }
}
