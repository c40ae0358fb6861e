package bank.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;

/// Lets a request that asks to go on in HTTP/2 (`Upgrade: h2c`, withdrawn by RFC 9113, section 3.1) be answered in
/// HTTP/1.1, as that section allows. Over such an upgrade requests pass unseen through a proxy that forwards it, and
/// Java's own `HttpClient` waits for ever for an answer that comes sooner than it is ready for. HTTP/2 with prior
/// knowledge and by TLS is not touched.
///
/// Armeria has no setting for it: it decides by the first four bytes of a connection whether it speaks HTTP/1.1, and
/// puts the decoder of that and what looks for upgrades in place. So those bytes go first, and before the rest the
/// header is taken from what the decoder, a pair of handlers for both directions, gives on.
final class IgnoredUpgrades extends ChannelInboundHandlerAdapter {
    private static final int PROTOCOL_BYTES = 4;
    private static final ChannelHandler WITHOUT_UPGRADE = new WithoutUpgrade();

    private int passed;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        int missing = PROTOCOL_BYTES - passed;
        if (bytes.readableBytes() < missing) {
            passed += bytes.readableBytes();
            ctx.fireChannelRead(bytes);
            return;
        }
        ctx.fireChannelRead(bytes.readRetainedSlice(missing));
        ChannelPipeline pipeline = ctx.pipeline();
        ChannelHandlerContext http1 = pipeline.context(CombinedChannelDuplexHandler.class);
        if (http1 != null) {
            pipeline.addAfter(http1.name(), null, WITHOUT_UPGRADE);
        }
        if (bytes.isReadable()) {
            ctx.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
        pipeline.remove(this);
    }

    @Sharable
    private static final class WithoutUpgrade extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest request) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
            }
            ctx.fireChannelRead(message);
        }
    }
}
