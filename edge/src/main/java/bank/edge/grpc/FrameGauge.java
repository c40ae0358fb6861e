package bank.edge.grpc;

import bank.edge.problem.EdgeFailures;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.stream.StreamMessage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Looks at a client's stream of frames as it passes, in pieces cut anywhere: neither a message nor all frames together
/// are longer than may be, and the last message is whole.
final class FrameGauge {
    private static final int PREFIX = 5;

    private final long messageBytesMax;
    private final long bytesMax;
    private long bytes;
    private int prefixFilled;
    private long length;
    private long left;

    /// @param bytesMax longest stream, with its prefixes
    FrameGauge(long messageBytesMax, long bytesMax) {
        this.messageBytesMax = messageBytesMax;
        this.bytesMax = bytesMax;
    }

    /// The stream as it is. What is wrong with it breaks it off as the cause of a `ClosedStreamException`: by itself it
    /// would be taken for a breakdown, and logged as often as clients like.
    StreamMessage<HttpData> watch(StreamMessage<HttpData> frames) {
        return frames.map(this::passed).endWith(this::ended).mapError(FrameGauge::told);
    }

    private static Throwable told(Throwable cause) {
        return switch (cause) {
            case FailureException known -> new ClosedStreamException(known);
            case IllegalArgumentException _ ->
                new ClosedStreamException(WireForm.noBase64().exception());
            default -> cause;
        };
    }

    /// @throws FailureException CONTENT_TOO_LARGE as soon as a prefix says so
    private HttpData passed(HttpData piece) {
        bytes += piece.length();
        if (bytes > bytesMax) {
            throw EdgeFailures.contentTooLarge(bytesMax).exception();
        }
        ByteBuf frames = piece.byteBuf();
        int at = frames.readerIndex();
        int end = frames.writerIndex();
        while (at < end) {
            if (left > 0) {
                long step = Math.min(left, end - at);
                left -= step;
                at += (int) step;
            } else {
                prefix(frames.getUnsignedByte(at++));
            }
        }
        return piece;
    }

    /// The first byte of a prefix tells whether the message is compressed, the others its length.
    private void prefix(int next) {
        length = prefixFilled == 0 ? 0 : length << Byte.SIZE | next;
        prefixFilled++;
        if (prefixFilled == PREFIX) {
            if (length > messageBytesMax) {
                throw EdgeFailures.contentTooLarge(messageBytesMax).exception();
            }
            prefixFilled = 0;
            left = length;
        }
    }

    /// @param cause why the stream broke off; null when it ended well
    /// @return nothing to add
    /// @throws FailureException MALFORMED_REQUEST when it ended within a message
    private @Nullable HttpData ended(@Nullable Throwable cause) {
        if (cause == null && (prefixFilled > 0 || left > 0)) {
            throw EdgeFailures.malformed("MALFORMED_REQUEST", "the body ends within a message of gRPC")
                    .exception();
        }
        return null;
    }
}
