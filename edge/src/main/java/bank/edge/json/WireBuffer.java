package bank.edge.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Protobuf wire bytes under construction.
final class WireBuffer {
    private byte[] bytes;
    private int size;
    private int nesting;

    WireBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /// What was written since a position, as text that is equal for equal bytes.
    String describe(int from) {
        return new String(bytes, from, size - from, StandardCharsets.ISO_8859_1);
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
        }
    }

    void varint(long value) {
        if ((value & ~0x7FL) == 0 && size < bytes.length) {
            bytes[size++] = (byte) value;
            return;
        }
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void fixed32(int value) {
        room(4);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void fixed64(long value) {
        room(8);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void bytes(byte[] from, int begin, int end) {
        int length = end - begin;
        room(length);
        System.arraycopy(from, begin, bytes, size, length);
        size += length;
    }

    void bytes(byte[] from) {
        bytes(from, 0, from.length);
    }

    void add(byte value) {
        room(1);
        bytes[size++] = value;
    }

    /// Begins something that is preceded by its length.
    ///
    /// @return to be given to [#endLength]
    int beginLength() {
        room(1);
        nesting++;
        return size++;
    }

    /// How many lengths are begun and not ended.
    int nesting() {
        return nesting;
    }

    /// Ends what [#beginLength] began: the length goes before it, which is moved up if that is longer than a byte.
    void endLength(int begin) {
        nesting--;
        int length = size - begin - 1;
        int more = lengthBytes(length) - 1;
        if (more > 0) {
            room(more);
            System.arraycopy(bytes, begin + 1, bytes, begin + 1 + more, length);
        }
        int end = size + more;
        size = begin;
        varint(length);
        size = end;
    }

    /// Drops what [#beginLength] began, with all that was written after a position before it.
    void dropLength(int position) {
        nesting--;
        size = position;
    }

    private static int lengthBytes(int length) {
        return length < 1 << 7 ? 1 : length < 1 << 14 ? 2 : length < 1 << 21 ? 3 : length < 1 << 28 ? 4 : 5;
    }
}
