package bank.edge.http;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/// What one connection, and all of them, may cost, `bank.edge.connections.…`.
public interface ConnectionConfig {
    /// Most connections open at once; beyond it new ones are closed at once. 1 to 1,000,000. Default: 10,000.
    @WithDefault("10000")
    int max();

    /// Most requests a client may have under way at once on one HTTP/2 connection, 1 to 10,000. Default: 256.
    @WithDefault("256")
    int streamsMax();

    /// How long a connection without a running request stays open, one that has not sent the whole head of a request
    /// yet included, however it trickles; and how long a TLS handshake may take. From 2 s on, a client of HTTP/2
    /// who is silent for half of it is pinged, and loses his connection, requests or not, when he does not answer
    /// in the other half. 1 s to 1 h. Default: 1 min.
    @WithDefault("PT60S")
    Duration idleMax();

    /// How long a client may take nothing, or less than 1 KiB, of an answer that waits for him; then his connection is
    /// closed. Answers to his pings are not of it. 1 s to 1 h. Default: 5 min.
    @WithDefault("PT5M")
    Duration stallMax();

    /// Longest head of a request in bytes: over HTTP/1.1 the request line and the headers each, over HTTP/2 all headers
    /// with 32 more for each (RFC 9113, section 10.5.1). 1 KiB to 1 MiB. Default: 16 KiB.
    @WithDefault("16384")
    int headerBytesMax();
}
