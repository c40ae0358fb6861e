package bank.edge.http;

import com.linecorp.armeria.server.ServerBuilder;

/// The limits of connections.
public final class Connections {
    private Connections() {}

    /// Sets the limits of a server.
    public static void configure(ServerBuilder server, ConnectionConfig config) {
        server.maxNumConnections(config.max())
                .idleTimeout(config.idleMax())
                .http1MaxInitialLineLength(config.headerBytesMax())
                .http1MaxHeaderSize(config.headerBytesMax())
                .http2MaxHeaderListSize(config.headerBytesMax())
                .http2MaxStreamsPerConnection(config.streamsMax());
    }
}
