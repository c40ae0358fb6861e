package bank.edge.upstream;

import bank.edge.http.HeldBytes;
import com.linecorp.armeria.common.HttpData;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Length-prefixed messages of gRPC: a zero byte, four bytes of length, the message.
final class GrpcFrames {
    static final int PREFIX = 5;
    static final int MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

    private final Deque<byte[]> messages = new ArrayDeque<>();
    private final byte[] prefix = new byte[PREFIX];
    private final LongConsumer room;
    private int prefixFilled;
    private int roomTaken;
    private byte @Nullable [] message;
    private int messageFilled;

    /// @param room told of bytes that are about to be held, for the longest message so far: all of them together are
    ///     what the longest one has; throws when they may not be
    GrpcFrames(LongConsumer room) {
        this.room = room;
    }

    /// The frame of one message that is given in parts.
    static HttpData frame(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        var frame = new byte[PREFIX + length];
        frame[1] = (byte) (length >>> 24);
        frame[2] = (byte) (length >>> 16);
        frame[3] = (byte) (length >>> 8);
        frame[4] = (byte) length;
        int at = PREFIX;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, frame, at, part.length);
            at += part.length;
        }
        return HttpData.wrap(frame);
    }

    /// There is more than one message, or one and the beginning of another.
    boolean isBeyondOne() {
        return messages.size() > 1 || (messages.size() == 1 && midMessage());
    }

    /// No whole message is there.
    boolean isEmpty() {
        return messages.isEmpty();
    }

    /// The next whole message, or null.
    byte @Nullable [] poll() {
        return messages.poll();
    }

    /// A message has begun and is not whole.
    boolean midMessage() {
        return prefixFilled > 0;
    }

    /// Takes bytes as they arrived.
    ///
    /// @throws IllegalStateException when a message is compressed or too long
    /// @throws bank.platform.failure.FailureException when there is no room for it
    void add(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            if (message == null) {
                int n = Math.min(PREFIX - prefixFilled, bytes.length - at);
                System.arraycopy(bytes, at, prefix, prefixFilled, n);
                prefixFilled += n;
                at += n;
                if (prefixFilled < PREFIX) {
                    return;
                }
                message = begin();
                messageFilled = 0;
            }
            int n = Math.min(message.length - messageFilled, bytes.length - at);
            System.arraycopy(bytes, at, message, messageFilled, n);
            messageFilled += n;
            at += n;
            if (messageFilled == message.length) {
                messages.add(message);
                message = null;
                prefixFilled = 0;
            }
        }
    }

    private byte[] begin() {
        int length = ByteBuffer.wrap(prefix).getInt(1);
        if (prefix[0] != 0 || length < 0 || length > MESSAGE_BYTES_MAX) {
            throw new IllegalStateException("no frame of a plain gRPC message: " + Arrays.toString(prefix));
        }
        if (length > HeldBytes.SHORT_BYTES_MAX && length > roomTaken) {
            room.accept(length - roomTaken);
            roomTaken = length;
        }
        return new byte[length];
    }
}
