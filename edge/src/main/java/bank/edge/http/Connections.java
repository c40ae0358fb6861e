package bank.edge.http;

import com.linecorp.armeria.server.ServerBuilder;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;

/// The limits and manners of connections.
public final class Connections {
    private static final int WRITES_MAX = 64;
    private static final int PINGS_OF_IDLE = 2;

    /// Armeria's least.
    private static final Duration PING_PAUSE_MIN = Duration.ofSeconds(1);

    /// What buffers come from, of the connections to clients and to services. A connection stays on its thread,
    /// and there this one took 6 % less of the edge's time than Netty's adaptive one.
    public static final ByteBufAllocator BUFFERS = PooledByteBufAllocator.DEFAULT;

    private Connections() {}

    /// Sets the limits and manners of a server's connections.
    public static void configure(ServerBuilder server, ConnectionConfig config) {
        server.childChannelOption(ChannelOption.ALLOCATOR, BUFFERS)
                .maxNumConnections(config.max())
                .idleTimeout(config.idleMax())
                .pingInterval(pingPause(config.idleMax()))
                .http1MaxInitialLineLength(config.headerBytesMax())
                .http1MaxHeaderSize(config.headerBytesMax())
                .http2MaxHeaderListSize(config.headerBytesMax())
                .http2MaxStreamsPerConnection(config.streamsMax())
                .childChannelPipelineCustomizer(pipeline -> arrange(pipeline, config));
    }

    /// How long an HTTP/2 connection with running requests is silent before the client is asked for a sign of life, and
    /// how long he has for it. Armeria wants it below the idle time, and asks nobody where that is a second.
    private static Duration pingPause(Duration idleMax) {
        Duration pause = idleMax.dividedBy(PINGS_OF_IDLE);
        return pause.compareTo(PING_PAUSE_MIN) < 0 ? PING_PAUSE_MIN : pause;
    }

    /// What is written in one turn of an event loop is flushed once, also when nothing was read in it.
    private static void arrange(ChannelPipeline pipeline, ConnectionConfig config) {
        pipeline.replace(FlushConsolidationHandler.class, "flushes", new FlushConsolidationHandler(WRITES_MAX, true));
        pipeline.addAfter("flushes", "upgrades", new IgnoredUpgrades());
        pipeline.addFirst("stalls", new StalledClients(config.stallMax()));
    }
}
