package bank.edge.http;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/// What one connection, and all of them, may cost, `bank.edge.connections.…`.
public interface ConnectionConfig {
    /// Most connections open at once; beyond it new ones are closed at once.
    @WithDefault("10000")
    int max();

    /// Most requests a client may have under way at once on one HTTP/2 connection.
    @WithDefault("256")
    int streamsMax();

    /// How long a connection without a running request stays open, one that has not sent the whole head of a request
    /// yet included, however it trickles; and how long a TLS handshake may take.
    @WithDefault("PT60S")
    Duration idleMax();

    /// Longest head of a request in bytes: over HTTP/1.1 the request line and the headers each, over HTTP/2 all headers
    /// with 32 more for each (RFC 9113, section 10.5.1).
    @WithDefault("16384")
    int headerBytesMax();
}
