package bank.edge.json;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.nio.charset.StandardCharsets;

/// Walks over protobuf wire bytes, within bounds.
final class WireCursor {
    private static final int DEPTH_MAX = 100;

    private final byte[] wire;
    private int end;
    private int at;
    private final int whole;

    WireCursor(byte[] wire, int from, int to) {
        this.wire = wire;
        this.at = from;
        this.end = to;
        this.whole = to;
    }

    byte[] wire() {
        return wire;
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    boolean hasMore() {
        return at < end;
    }

    int tag() throws InvalidProtocolBufferException {
        int tag = (int) varint();
        if (tag >>> 3 == 0) {
            throw new InvalidProtocolBufferException("a tag without field number");
        }
        return tag;
    }

    long varint() throws InvalidProtocolBufferException {
        int i = at;
        if (i < end && wire[i] >= 0) {
            at = i + 1;
            return wire[i];
        }
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (i >= end) {
                throw truncated();
            }
            byte b = wire[i++];
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                at = i;
                return value;
            }
        }
        throw new InvalidProtocolBufferException("a varint is longer than ten bytes");
    }

    int int32() throws InvalidProtocolBufferException {
        return (int) varint();
    }

    int fixed32() throws InvalidProtocolBufferException {
        require(4);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value |= (wire[at + i] & 0xFF) << (8 * i);
        }
        at += 4;
        return value;
    }

    long fixed64() throws InvalidProtocolBufferException {
        require(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value |= (wire[at + i] & 0xFFL) << (8 * i);
        }
        at += 8;
        return value;
    }

    /// Reads the length of what follows, which is there.
    int length() throws InvalidProtocolBufferException {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw truncated();
        }
        return (int) length;
    }

    String string() throws InvalidProtocolBufferException {
        int length = length();
        for (int i = at; i < at + length; ) {
            int step = wire[i] >= 0 ? 1 : Utf8.length(wire, i, at + length);
            if (step == 0) {
                throw new InvalidProtocolBufferException("a string is not UTF-8");
            }
            i += step;
        }
        var text = new String(wire, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /// Enters a packed run.
    ///
    /// @return where it ends
    int beginRun() throws InvalidProtocolBufferException {
        int length = length();
        end = at + length;
        return end;
    }

    void endRun(int runEnd) throws InvalidProtocolBufferException {
        if (at != runEnd) {
            throw truncated();
        }
        end = whole;
    }

    /// Passes over a group.
    ///
    /// @return where its fields end
    int endOfGroup(int number) throws InvalidProtocolBufferException {
        return endOfGroup(number, 0);
    }

    private int endOfGroup(int number, int depth) throws InvalidProtocolBufferException {
        if (depth > DEPTH_MAX) {
            throw new InvalidProtocolBufferException("groups are nested deeper than " + DEPTH_MAX);
        }
        while (hasMore()) {
            int before = at;
            int tag = tag();
            if ((tag & 7) == WireFormat.WIRETYPE_END_GROUP) {
                if (tag >>> 3 != number) {
                    throw new InvalidProtocolBufferException("a group ends that did not begin");
                }
                return before;
            }
            skip(tag, depth + 1);
        }
        throw truncated();
    }

    /// Passes over the value of a tag.
    void skip(int tag) throws InvalidProtocolBufferException {
        skip(tag, 0);
    }

    private void skip(int tag, int depth) throws InvalidProtocolBufferException {
        switch (tag & 7) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED32 -> {
                require(4);
                at += 4;
            }
            case WireFormat.WIRETYPE_FIXED64 -> {
                require(8);
                at += 8;
            }
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                int length = length();
                at += length;
            }
            case WireFormat.WIRETYPE_START_GROUP -> endOfGroup(tag >>> 3, depth);
            default -> throw new InvalidProtocolBufferException("an unknown wire type");
        }
    }

    /// The bytes are zero.
    boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (wire[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /// The varint at a position is zero.
    boolean isZeroVarint(int from) {
        int i = from;
        while (wire[i] == (byte) 0x80) {
            i++;
        }
        return wire[i] == 0;
    }

    private void require(int bytes) throws InvalidProtocolBufferException {
        if (end - at < bytes) {
            throw truncated();
        }
    }

    private static InvalidProtocolBufferException truncated() {
        return new InvalidProtocolBufferException("the message is truncated");
    }
}
