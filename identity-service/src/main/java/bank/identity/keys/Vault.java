package bank.identity.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts what must not be readable in the database, AES-256-GCM, and vouches for what must not be changed there. A
/// sealed value is one byte for the form, a 12-byte nonce, the ciphertext and a 16-byte tag, and opens only for the
/// purpose it was sealed for. Each kind of purpose, which is what stands before its first `/`, has a key of its own:
/// nonces are drawn by lot, and a key may draw so many only (NIST SP 800-38D, section 8.3).
public final class Vault {
    /// Length of the key.
    public static final int KEY_BYTES = 32;

    private static final byte FORM = 2;
    // Sealed by the key itself, whatever the purpose.
    private static final byte FORM_BEFORE = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    /// @param key secret from the environment, 32 bytes
    public Vault(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("the key must have " + KEY_BYTES + " bytes");
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    /// Encrypts.
    ///
    /// @param purpose names what is sealed, e.g. `session/…`
    public byte[] seal(byte[] plain, String purpose) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, sealing(purpose), nonce, purpose)
                    .doFinal(plain);
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(FORM)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed", e);
        }
    }

    /// Decrypts.
    ///
    /// @throws VaultException when the value was sealed by another key or for another purpose, or changed
    public byte[] open(byte[] sealed, String purpose) {
        if (sealed.length <= 1 + NONCE_BYTES || (sealed[0] != FORM && sealed[0] != FORM_BEFORE)) {
            throw new VaultException(purpose, null);
        }
        try {
            var nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, sealed[0] == FORM ? sealing(purpose) : key, nonce, purpose)
                    .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new VaultException(purpose, e);
        }
    }

    /// A code (HMAC-SHA-256) that only this key can make of those bytes for that purpose.
    public byte[] code(byte[] bytes, String purpose) {
        return hmac(hmac(key.getEncoded(), ("code/" + purpose).getBytes(StandardCharsets.UTF_8)), bytes);
    }

    private static byte[] hmac(byte[] key, byte[] bytes) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private SecretKeySpec sealing(String purpose) {
        var slash = purpose.indexOf('/');
        var kind = slash < 0 ? purpose : purpose.substring(0, slash);
        return new SecretKeySpec(hmac(key.getEncoded(), ("seal/" + kind).getBytes(StandardCharsets.UTF_8)), "AES");
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String purpose)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
