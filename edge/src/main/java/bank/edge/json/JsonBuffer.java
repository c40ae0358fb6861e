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

    /// A name in quotes, with its colon.
    static byte[] quotedName(String name) {
        var buffer = new JsonBuffer(name.length() + 8);
        buffer.text(name);
        buffer.add(':');
        return buffer.toByteArray();
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
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

    void bool(boolean value) {
        add(value ? TRUE : FALSE);
    }

    void nothing() {
        add(NULL);
    }

    void integer(long value) {
        room(LONG_LENGTH_MAX);
        if (value == Long.MIN_VALUE) {
            ascii(Long.toString(value));
            return;
        }
        long rest = value;
        if (rest < 0) {
            bytes[size++] = '-';
            rest = -rest;
        }
        size += digits(rest);
        int i = size;
        while (rest > Integer.MAX_VALUE) {
            bytes[--i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        // The rest is divided as an int, which is much quicker.
        int small = (int) rest;
        do {
            bytes[--i] = (byte) ('0' + small % 10);
            small /= 10;
        } while (small > 0);
    }

    private static int digits(long value) {
        int digits = 1;
        for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    void unsigned(long value) {
        if (value >= 0) {
            integer(value);
        } else {
            ascii(Long.toUnsignedString(value));
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
        if (Double.isFinite(value)) {
            ascii(Double.toString(value));
        } else {
            quoted(Double.toString(value));
        }
    }

    void number(float value) {
        if (Float.isFinite(value)) {
            ascii(Float.toString(value));
        } else {
            quoted(Float.toString(value));
        }
    }

    private void quoted(String plain) {
        add('"');
        ascii(plain);
        add('"');
    }

    @SuppressWarnings("deprecation") // the one that copies Latin-1 text without an encoder
    void ascii(String plain) {
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
        room(end - begin + 2);
        bytes[size++] = '"';
        int copied = begin;
        for (int i = Words.endOfPlain(from, begin, end); i < end; ) {
            byte b = from[i];
            if (b < 0) {
                int length = Words.endOfPairs(from, i, end) - i;
                if (length == 0) {
                    length = Utf8.length(from, i, end);
                }
                if (length == 0) {
                    throw new InvalidProtocolBufferException("a string is not UTF-8");
                }
                i += length;
            } else if (b < 0x20 || b == '"' || b == '\\' || b == 0x7F) {
                raw(from, copied, i);
                escape(b);
                i++;
                copied = i;
            } else {
                i = Words.endOfPlain(from, i + 1, end);
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
