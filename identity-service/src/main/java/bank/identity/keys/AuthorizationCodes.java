package bank.identity.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/// Codes of the sign-in page, and other values nobody can guess: base64url of 32 random bytes.
public final class AuthorizationCodes {
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();

    /// A new one.
    public String next() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// SHA-256 of a code, as it is stored.
    public static byte[] digest(String code) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The verifier is the one the challenge was made of (RFC 7636, section 4.6, S256).
    public static boolean proves(String verifier, String challenge) {
        return same(Base64.getUrlEncoder().withoutPadding().encodeToString(digest(verifier)), challenge);
    }

    /// Compares in a time that does not tell where they differ.
    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
