package bank.identity.password;

import bank.identity.model.IdentityException;
import bank.identity.model.Password;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Checks secrets of programs, which present the same one again and again: one that was found right is remembered by a
/// code under a key of this process, so that only the first check and wrong secrets cost a hash.
public final class RememberedSecrets {
    private static final int KEY_BYTES = 32;

    private final PasswordHasher hasher;
    private final SecretKeySpec key;
    // No more entries than there are programs, for a wrong secret makes none.
    private final Map<String, byte[]> right = new ConcurrentHashMap<>();

    /// @param hasher checks what is not remembered
    public RememberedSecrets(PasswordHasher hasher) {
        this.hasher = hasher;
        var bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, "HmacSHA256");
    }

    /// The secret is the hashed one.
    ///
    /// @param owner id of the program
    /// @throws IdentityException Overloaded when no turn comes in time
    public boolean matches(String owner, Password secret, PasswordHash hash) {
        var code = code(secret, hash);
        if (MessageDigest.isEqual(code, right.getOrDefault(owner, new byte[0]))) {
            return true;
        }
        var matches = hasher.matches(secret, hash);
        if (matches) {
            right.put(owner, code);
        }
        return matches;
    }

    /// Takes as long as finding out that a secret is wrong.
    ///
    /// @throws IdentityException Overloaded when no turn comes in time
    public void spend(Password secret) {
        hasher.matches(secret, hasher.decoy());
    }

    private byte[] code(Password secret, PasswordHash hash) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(hash.encoded().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(secret.bytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
