package bank.edge.json;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// JSON in UTF-8 under construction.
final class JsonBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE_64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final int LONG_LENGTH_MAX = 20;

    /// Of the longest message whatever it says is shorter, save many empty messages, each of which is printed in full.
    static final int BYTES_MAX = 64 * 1024 * 1024;

    private static final byte[] TENS = new byte[100];
    private static final byte[] ONES = new byte[100];
    private static final long[] POWERS = new long[19];

    static {
        for (int i = 0; i < 100; i++) {
            TENS[i] = (byte) ('0' + i / 10);
            ONES[i] = (byte) ('0' + i % 10);
        }
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private byte[] bytes;
    private int size;

    JsonBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /// Drops what was written after a position.
    void truncate(int position) {
        size = position;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            if (size > BYTES_MAX - more) {
                throw new IllegalStateException("an answer of more than " + BYTES_MAX + " bytes of JSON");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.max(size + more, Math.min(bytes.length * 2L, BYTES_MAX)));
        }
    }

    void add(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    void add(byte[] ascii) {
        room(ascii.length);
        System.arraycopy(ascii, 0, bytes, size, ascii.length);
        size += ascii.length;
    }

    /// Puts a comma after the value before, if there is one in this object or list.
    void separate() {
        byte last = bytes[size - 1];
        if (last != '{' && last != '[') {
            add(',');
        }
    }

    /// Writes the name of a member, after a comma if there is one before it.
    void name(PrintedName name) {
        room(1 + name.room());
        int at = size;
        byte last = bytes[at - 1];
        if (last != '{' && last != '[') {
            bytes[at++] = ',';
        }
        name.copyTo(bytes, at);
        size = at + name.length();
    }

    void bool(boolean value) {
        add(value ? TRUE : FALSE);
    }

    void nothing() {
        add(NULL);
    }

    void integer(long value) {
        integer(value, false);
    }

    void integer(long value, boolean quoted) {
        if (value == Long.MIN_VALUE) {
            ascii(Long.toString(value), quoted);
            return;
        }
        room(LONG_LENGTH_MAX + 2);
        int begin = size;
        if (quoted) {
            bytes[begin++] = '"';
        }
        if (value < 0) {
            bytes[begin++] = '-';
        }
        long rest = Math.abs(value);
        int end = begin + digits(rest);
        int i = end;
        while (rest > Integer.MAX_VALUE) {
            long tens = rest / 100;
            i -= 2;
            pair(i, (int) (rest - tens * 100));
            rest = tens;
        }
        // The rest is divided as an int, which is much quicker.
        int small = (int) rest;
        while (small >= 10) {
            int tens = small / 100;
            i -= 2;
            pair(i, small - tens * 100);
            small = tens;
        }
        if (i > begin) {
            bytes[begin] = (byte) ('0' + small);
        }
        if (quoted) {
            bytes[end++] = '"';
        }
        size = end;
    }

    private void pair(int at, int value) {
        bytes[at] = TENS[value];
        bytes[at + 1] = ONES[value];
    }

    private static int digits(long value) {
        // 1233 / 4096 is a little more than the decimal logarithm of 2.
        int digits = ((Long.SIZE - Long.numberOfLeadingZeros(value)) * 1233) >>> 12;
        return value < POWERS[digits] ? Math.max(digits, 1) : digits + 1;
    }

    void unsigned(long value, boolean quoted) {
        if (value >= 0) {
            integer(value, quoted);
        } else {
            ascii(Long.toUnsignedString(value), quoted);
        }
    }

    /// The last digits of a number, with leading zeros.
    void padded(long value, int width) {
        room(width);
        long rest = value;
        for (int i = size + width - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += width;
    }

    void number(double value) {
        ascii(Double.toString(value), !Double.isFinite(value));
    }

    void number(float value) {
        ascii(Float.toString(value), !Float.isFinite(value));
    }

    private void ascii(String plain, boolean quoted) {
        if (quoted) {
            add('"');
        }
        ascii(plain);
        if (quoted) {
            add('"');
        }
    }

    @SuppressWarnings("deprecation") // the one that copies Latin-1 text without an encoder
    private void ascii(String plain) {
        int length = plain.length();
        room(length);
        plain.getBytes(0, length, bytes, size);
        size += length;
    }

    /// A string in quotes.
    void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        try {
            text(utf8, 0, utf8.length);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an encoder made no UTF-8", e);
        }
    }

    /// A string of UTF-8 bytes in quotes.
    ///
    /// @throws InvalidProtocolBufferException when the bytes are not UTF-8
    void text(byte[] from, int begin, int end) throws InvalidProtocolBufferException {
        int length = end - begin;
        room(length + 2 + Long.BYTES);
        int at = size;
        bytes[at] = '"';
        int plain = Words.copyPlain(from, begin, end, bytes, at + 1);
        if (plain == end) {
            bytes[at + 1 + length] = '"';
            size = at + 2 + length;
        } else {
            size = at + 1 + plain - begin;
            rest(from, plain, end);
        }
    }

    /// Writes the rest of a string from a character that is not plain.
    private void rest(byte[] from, int begin, int end) throws InvalidProtocolBufferException {
        int copied = begin;
        for (int i = begin; i < end; ) {
            byte b = from[i];
            if (b < 0) {
                int length = Utf8.length(from, i, end);
                if (length == 0) {
                    throw new InvalidProtocolBufferException("a string is not UTF-8");
                }
                i = Words.endOfPlain(from, i + length, end);
            } else {
                raw(from, copied, i);
                escape(b);
                copied = i + 1;
                i = Words.endOfPlain(from, copied, end);
            }
        }
        raw(from, copied, end);
        add('"');
    }

    private void raw(byte[] from, int begin, int end) {
        int length = end - begin;
        room(length);
        System.arraycopy(from, begin, bytes, size, length);
        size += length;
    }

    private void escape(byte b) {
        room(6);
        bytes[size++] = '\\';
        switch (b) {
            case '"', '\\' -> bytes[size++] = b;
            case '\n' -> bytes[size++] = 'n';
            case '\r' -> bytes[size++] = 'r';
            case '\t' -> bytes[size++] = 't';
            case '\b' -> bytes[size++] = 'b';
            case '\f' -> bytes[size++] = 'f';
            default -> {
                bytes[size++] = 'u';
                bytes[size++] = '0';
                bytes[size++] = '0';
                bytes[size++] = HEX[b >> 4];
                bytes[size++] = HEX[b & 0xF];
            }
        }
    }

    /// Bytes in base64 with padding, in quotes.
    void base64(byte[] from, int begin, int end) {
        int length = end - begin;
        room(Math.addExact(2, Math.multiplyExact(4, (length + 2) / 3)));
        bytes[size++] = '"';
        int i = begin;
        for (; i + 2 < end; i += 3) {
            int group = ((from[i] & 0xFF) << 16) | ((from[i + 1] & 0xFF) << 8) | (from[i + 2] & 0xFF);
            bytes[size++] = BASE_64[group >> 18];
            bytes[size++] = BASE_64[(group >> 12) & 0x3F];
            bytes[size++] = BASE_64[(group >> 6) & 0x3F];
            bytes[size++] = BASE_64[group & 0x3F];
        }
        int left = end - i;
        if (left > 0) {
            int group = ((from[i] & 0xFF) << 16) | (left == 2 ? (from[i + 1] & 0xFF) << 8 : 0);
            bytes[size++] = BASE_64[group >> 18];
            bytes[size++] = BASE_64[(group >> 12) & 0x3F];
            bytes[size++] = left == 2 ? BASE_64[(group >> 6) & 0x3F] : (byte) '=';
            bytes[size++] = '=';
        }
        bytes[size++] = '"';
    }
}
