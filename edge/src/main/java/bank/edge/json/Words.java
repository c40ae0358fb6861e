package bank.edge.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks at bytes eight at a time.
final class Words {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private static final long PAIR_MARKS = 0xC0E0_C0E0_C0E0_C0E0L;
    private static final long PAIRS = 0x80C0_80C0_80C0_80C0L;
    private static final long PAIR_LEAST = 0x001E_001E_001E_001EL;
    private static final long PAIR_CARRIES = 0x7FFF_7FFF_7FFF_7FFFL;
    private static final long PAIR_CARRIED = 0x8000_8000_8000_8000L;

    private Words() {}

    /// The position of the first byte that a JSON string cannot hold as it is, or that is no ASCII: a quote, a
    /// backslash, a control character, a part of a longer character; `to` when there is none.
    static int endOfPlain(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && i + Long.BYTES <= bytes.length) {
            long special = special((long) WORD.get(bytes, i));
            if (special != 0) {
                return Math.min(to, i + (Long.numberOfTrailingZeros(special) >>> 3));
            }
            i += Long.BYTES;
        }
        while (i < to && isPlain(bytes[i])) {
            i++;
        }
        return Math.min(i, to);
    }

    /// The high bit of each byte that is not plain; above the first of them others may be set too.
    private static long special(long word) {
        return (word
                        | zero(word ^ '"' * ONES)
                        | zero(word ^ '\\' * ONES)
                        | zero(word ^ 0x7F * ONES)
                        | (word - ' ' * ONES))
                & HIGH_BITS;
    }

    private static long zero(long word) {
        return (word - ONES) & ~word;
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\' && b != 0x7F;
    }

    /// The position after as many groups of four well-formed characters of two bytes, such as Cyrillic ones, as follow.
    static int endOfPairs(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            long word = (long) WORD.get(bytes, i);
            // 110xxxxx 10xxxxxx, and not 1100000x, which is overlong.
            boolean pairs = (word & PAIR_MARKS) == PAIRS
                    && (((word & PAIR_LEAST) + PAIR_CARRIES) & PAIR_CARRIED) == PAIR_CARRIED;
            if (!pairs) {
                return i;
            }
            i += Long.BYTES;
        }
        return i;
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
