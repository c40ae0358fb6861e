package bank.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes a connection whose client takes next to nothing of what waits for him: he does not read, or grants no window
/// of HTTP/2. Stands first in the pipeline, where all that goes out passes as bytes. Of HTTP/2 contents alone count as
/// taken: answers to pings or settings, which a client can have as many of as he likes, do not.
final class StalledClients extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StalledClients.class);
    private static final int LOOKS = 4;
    private static final int TAKEN_BYTES_MIN = 1024;

    private final Duration max;
    private long passed;
    private long goneBefore;
    private int looksWaiting;
    private @Nullable SentContent content;
    private @Nullable ScheduledFuture<?> looking;

    /// @param max how long something may wait while less than a KiB goes out; noticed at most a quarter later
    StalledClients(Duration max) {
        this.max = max;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        long pause = max.toNanos() / LOOKS;
        looking = ctx.executor().scheduleWithFixedDelay(() -> look(ctx), pause, pause, TimeUnit.NANOSECONDS);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (looking != null) {
            looking.cancel(false);
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            passed += bytes.readableBytes();
        }
        var _ = ctx.write(message, promise);
    }

    private void look(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer queue = ctx.channel().unsafe().outboundBuffer();
        if (queue == null) {
            return;
        }
        var http2 = ctx.pipeline().get(Http2ConnectionHandler.class);
        long queued = queue.totalPendingWriteBytes();
        if (http2 != null && content == null) {
            // Frames are written whole, so that one begins next.
            content = new SentContent();
            ctx.pipeline().addBefore(ctx.pipeline().context(http2).name(), "content", content);
            goneBefore = -queued;
        }
        long gone = (content == null ? passed : content.bytes()) - queued;
        if (gone - goneBefore >= TAKEN_BYTES_MIN || (queued == 0 && !waitsForWindow(http2))) {
            goneBefore = gone;
            looksWaiting = 0;
        } else if (++looksWaiting > LOOKS) {
            LOG.debug("{}: closed, for the client took nothing for {}", ctx.channel(), max);
            var _ = ctx.close();
        }
    }

    private static boolean waitsForWindow(@Nullable Http2ConnectionHandler http2) {
        if (http2 == null) {
            return false;
        }
        Http2RemoteFlowController windows = http2.encoder().flowController();
        try {
            return http2.connection().forEachActiveStream(stream -> !windows.hasFlowControlled(stream)) != null;
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
