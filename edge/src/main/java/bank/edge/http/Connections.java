package bank.edge.http;

import com.linecorp.armeria.server.ServerBuilder;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;

/// The limits and manners of connections.
public final class Connections {
    private static final int WRITES_MAX = 64;

    private Connections() {}

    /// Sets the limits and manners of a server's connections.
    public static void configure(ServerBuilder server, ConnectionConfig config) {
        server.maxNumConnections(config.max())
                .idleTimeout(config.idleMax())
                .http1MaxInitialLineLength(config.headerBytesMax())
                .http1MaxHeaderSize(config.headerBytesMax())
                .http2MaxHeaderListSize(config.headerBytesMax())
                .http2MaxStreamsPerConnection(config.streamsMax())
                .childChannelPipelineCustomizer(pipeline -> arrange(pipeline, config));
    }

    /// What is written in one turn of an event loop is flushed once, also when nothing was read in it.
    private static void arrange(ChannelPipeline pipeline, ConnectionConfig config) {
        pipeline.replace(FlushConsolidationHandler.class, "flushes", new FlushConsolidationHandler(WRITES_MAX, true));
        pipeline.addAfter("flushes", "upgrades", new IgnoredUpgrades());
        pipeline.addFirst("stalls", new StalledClients(config.stallMax()));
    }
}
