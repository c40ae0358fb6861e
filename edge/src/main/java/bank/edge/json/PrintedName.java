package bank.edge.json;

import java.util.Arrays;

/// The name of a member as it is printed: in quotes, with its colon.
final class PrintedName {
    // Filled up with zeros to whole words, which are copied and compared at once.
    private final byte[] words;
    private final int length;
    private final long lastMask;

    PrintedName(String name) {
        var buffer = new JsonBuffer(name.length() + 8);
        buffer.text(name);
        buffer.add(':');
        length = buffer.size();
        words = Words.fill(buffer.toByteArray());
        lastMask = -1L >>> ((words.length - length) * Byte.SIZE);
    }

    int length() {
        return length;
    }

    /// Room that [#copyTo] needs, for whole words.
    int room() {
        return words.length;
    }

    void copyTo(byte[] out, int at) {
        for (int i = 0; i < words.length; i += Long.BYTES) {
            Words.put(out, at + i, Words.get(words, i));
        }
    }

    /// Stands at a position of a text.
    boolean isAt(byte[] text, int at) {
        int last = words.length - Long.BYTES;
        if (at + words.length > text.length) {
            return at + length <= text.length && Arrays.equals(words, 0, length, text, at, at + length);
        }
        for (int i = 0; i < last; i += Long.BYTES) {
            if (Words.get(words, i) != Words.get(text, at + i)) {
                return false;
            }
        }
        return ((Words.get(words, last) ^ Words.get(text, at + last)) & lastMask) == 0;
    }
}
