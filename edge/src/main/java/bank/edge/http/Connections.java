package bank.edge.http;

import com.linecorp.armeria.server.ServerBuilder;
import io.netty.channel.ChannelHandler;
import io.netty.handler.flush.FlushConsolidationHandler;

/// The limits of connections, and when they are flushed.
public final class Connections {
    private static final int FLUSHED_AFTER = 64;

    private Connections() {}

    /// A handler that sends what is written in one turn of the event loop with one call of the operating system, for
    /// all
    /// calls that share the connection, instead of one for each call.
    public static ChannelHandler flushedTogether() {
        return new FlushConsolidationHandler(FLUSHED_AFTER, true);
    }

    /// Sets them for a server.
    public static void configure(ServerBuilder server, ConnectionConfig config) {
        server.maxNumConnections(config.max())
                .idleTimeout(config.idleMax())
                .http1MaxInitialLineLength(config.headerBytesMax())
                .http1MaxHeaderSize(config.headerBytesMax())
                .http2MaxHeaderListSize(config.headerBytesMax())
                .http2MaxStreamsPerConnection(config.streamsMax())
                // In place of Armeria's own, which holds nothing back of answers to what was read earlier.
                .childChannelPipelineCustomizer(
                        pipeline -> pipeline.replace(FlushConsolidationHandler.class, null, flushedTogether()));
    }
}
