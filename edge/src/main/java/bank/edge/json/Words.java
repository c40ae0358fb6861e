package bank.edge.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Looks at bytes eight at a time.
final class Words {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private static final long LEAD_VALUES = 0x1E1E_1E1E_1E1E_1E1EL;
    private static final long LEAD_CARRIES = 0x7E7E_7E7E_7E7E_7E7EL;
    private static final long SPACES = ' ' * ONES;

    private Words() {}

    /// The position of the first byte that a JSON string cannot hold as it is, or that belongs to no well-formed
    /// character of one or two bytes: a quote, a backslash, a control character, a part of a longer character; `to`
    /// when there is none.
    static int endOfPlain(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            long special = special(word(bytes, i, to));
            if (special == 0) {
                i += Long.BYTES;
            } else {
                int plain = Long.numberOfTrailingZeros(special) >>> 3;
                i += plain;
                // A character that begins in the last byte of the word is looked at once more, from there.
                if (plain < Long.BYTES - 1 || bytes[i] >= 0) {
                    return i;
                }
            }
        }
        return Math.min(i, to);
    }

    /// Copies bytes up to the position that [#endOfPlain] gives, and up to a word more.
    static int copyPlain(byte[] bytes, int from, int to, byte[] out, int at) {
        int i = from;
        while (i < to) {
            long word = word(bytes, i, to);
            WORD.set(out, at + i - from, word);
            long special = special(word);
            if (special == 0) {
                i += Long.BYTES;
            } else {
                int plain = Long.numberOfTrailingZeros(special) >>> 3;
                i += plain;
                if (plain < Long.BYTES - 1 || bytes[i] >= 0) {
                    return i;
                }
            }
        }
        return Math.min(i, to);
    }

    static long get(byte[] bytes, int at) {
        return (long) WORD.get(bytes, at);
    }

    static void put(byte[] bytes, int at, long word) {
        WORD.set(bytes, at, word);
    }

    /// The bytes, filled up with zeros to whole words.
    static byte[] fill(byte[] bytes) {
        return Arrays.copyOf(bytes, (bytes.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
    }

    /// Eight bytes, with spaces for those behind the end.
    private static long word(byte[] bytes, int at, int to) {
        int left = to - at;
        if (left >= Long.BYTES) {
            return (long) WORD.get(bytes, at);
        }
        int bits = left * Byte.SIZE;
        long rest = SPACES << bits;
        if (at + Long.BYTES <= bytes.length) {
            return ((long) WORD.get(bytes, at) & ((1L << bits) - 1)) | rest;
        }
        if (to >= Long.BYTES) {
            return ((long) WORD.get(bytes, to - Long.BYTES) >>> (Long.SIZE - bits)) | rest;
        }
        for (int i = 0; i < left; i++) {
            rest |= (bytes[at + i] & 0xFFL) << (i * Byte.SIZE);
        }
        return rest;
    }

    /// The high bit of each byte that is not plain, up to the first such byte; above it others may be set too.
    private static long special(long word) {
        long ascii = zero(word ^ '"' * ONES) | zero(word ^ '\\' * ONES) | zero(word ^ 0x7F * ONES) | (word - SPACES);
        long lead = word & (word << 1);
        long follower = word & ~(word << 1);
        long overlong = ~((word & LEAD_VALUES) + LEAD_CARRIES);
        long malformed =
                (lead & ((word << 2) | ~(follower >>> Byte.SIZE) | overlong)) | (follower & ~(lead << Byte.SIZE));
        return ((ascii & ~word) | malformed) & HIGH_BITS;
    }

    private static long zero(long word) {
        return (word - ONES) & ~word;
    }

    /// A hash of the first and the last eight bytes and their number.
    static int hash(byte[] bytes, int from, int to) {
        int length = to - from;
        long hash = length;
        if (length >= Long.BYTES) {
            hash += (long) WORD.get(bytes, from) * 31 + (long) WORD.get(bytes, to - Long.BYTES);
        } else {
            for (int i = from; i < to; i++) {
                hash = hash << 8 ^ bytes[i];
            }
        }
        hash *= 0x9E37_79B9_7F4A_7C15L;
        return (int) (hash >>> Integer.SIZE);
    }
}
