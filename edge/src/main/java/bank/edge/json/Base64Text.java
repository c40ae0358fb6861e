package bank.edge.json;

import java.util.Arrays;
import java.util.Base64;

/// Bytes from base64 or base64url, with padding or without it.
final class Base64Text {
    private Base64Text() {}

    /// Writes the bytes that a text stands for.
    static void decode(byte[] text, int from, int to, WireBuffer out) throws BadValueException {
        int end = to;
        while (end > from && to - end < 2 && text[end - 1] == '=') {
            end--;
        }
        if (end < to && ((to - from) & 3) != 0) {
            throw bad();
        }
        byte[] letters = Arrays.copyOfRange(text, from, end);
        for (int i = 0; i < letters.length; i++) {
            byte letter = letters[i];
            letters[i] = letter == '-' ? (byte) '+' : letter == '_' ? (byte) '/' : letter;
        }
        try {
            out.bytes(Base64.getDecoder().decode(letters));
        } catch (IllegalArgumentException _) {
            throw bad();
        }
    }

    private static BadValueException bad() {
        return new BadValueException("expected base64");
    }
}
