package bank.identity.keys;

import org.jspecify.annotations.Nullable;

/// A sealed value does not open: the key-encryption key is another one, or the value was changed.
public final class VaultException extends RuntimeException {
    VaultException(String purpose, @Nullable Throwable cause) {
        super(purpose + " does not open: is bank.identity.key-encryption-key the one it was sealed with?", cause);
    }
}
