package bank.identity.model;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/// A password as its user typed it, in Unicode's composed form (NFC), so that the same characters typed on
/// different systems are the same password. Never printed.
///
/// @param value the characters
public record Password(String value) {
    /// Longest text that is taken for a password at all, in UTF-16 units.
    public static final int LENGTH_MAX = 1_024;

    public Password {
        value = Normalizer.normalize(value, Normalizer.Form.NFC);
    }

    /// Number of characters (code points).
    public int length() {
        return value.codePointCount(0, value.length());
    }

    /// UTF-8 bytes.
    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Password[…]";
    }
}
