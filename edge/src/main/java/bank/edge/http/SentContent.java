package bank.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2FrameTypes;

/// Counts what goes out in DATA frames of one HTTP/2 connection (RFC 9113, section 4.1). Stands between those frames'
/// writer and the network, from the beginning of a frame on.
final class SentContent extends ChannelOutboundHandlerAdapter {
    private static final int HEAD = 9;
    private static final int LENGTH = 3;

    private int headBytes;
    private int length;
    private int type;
    private int rest;
    private long bytes;

    /// How many bytes of contents went out since it stands there.
    long bytes() {
        return bytes;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf frames) {
            count(frames);
        }
        var _ = ctx.write(message, promise);
    }

    private void count(ByteBuf frames) {
        int at = frames.readerIndex();
        int end = frames.writerIndex();
        while (at < end) {
            if (rest == 0) {
                readHead(frames.getUnsignedByte(at));
                at++;
            } else {
                int n = Math.min(rest, end - at);
                bytes += type == Http2FrameTypes.DATA ? n : 0;
                rest -= n;
                at += n;
            }
        }
    }

    private void readHead(int value) {
        headBytes++;
        if (headBytes <= LENGTH) {
            length = length << Byte.SIZE | value;
        } else if (headBytes == LENGTH + 1) {
            type = value;
        } else if (headBytes == HEAD) {
            rest = length;
            length = 0;
            headBytes = 0;
        }
    }
}
