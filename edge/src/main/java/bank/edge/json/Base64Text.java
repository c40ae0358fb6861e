package bank.edge.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Base64 read leniently, as ProtoJSON asks: either alphabet, padding or none.
final class Base64Text {
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        byte[] letters =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < letters.length; i++) {
            VALUES[letters[i]] = (byte) i;
        }
        VALUES['-'] = 62;
        VALUES['_'] = 63;
    }

    private Base64Text() {}

    /// Writes the bytes that a text stands for.
    static void decode(byte[] text, int from, int to, WireBuffer out) throws BadValueException {
        int end = to;
        int padding = 0;
        while (end > from && padding < 2 && text[end - 1] == '=') {
            end--;
            padding++;
        }
        int length = end - from;
        int left = length & 3;
        if (left == 1 || (padding > 0 && ((length + padding) & 3) != 0)) {
            throw bad();
        }
        int i = from;
        for (; i + 3 < end; i += 4) {
            int group = (value(text[i]) << 18)
                    | (value(text[i + 1]) << 12)
                    | (value(text[i + 2]) << 6)
                    | value(text[i + 3]);
            out.add((byte) (group >> 16));
            out.add((byte) (group >> 8));
            out.add((byte) group);
        }
        if (left > 1) {
            int group = (value(text[i]) << 18) | (value(text[i + 1]) << 12) | (left == 3 ? value(text[i + 2]) << 6 : 0);
            out.add((byte) (group >> 16));
            if (left == 3) {
                out.add((byte) (group >> 8));
            }
        }
    }

    private static int value(byte letter) throws BadValueException {
        int value = letter < 0 ? -1 : VALUES[letter];
        if (value < 0) {
            throw bad();
        }
        return value;
    }

    private static BadValueException bad() {
        return new BadValueException("expected base64");
    }
}
