package bank.edge.upstream;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Settings of the connections to the services.
public interface UpstreamConfig {
    /// Time to make a connection, 10 ms to 1 min. Default: 1 s.
    @WithDefault("PT1S")
    Duration connectTimeout();

    /// Pause after which a silent connection is asked whether it lives, 10 s to 1 h. Default: 30 s.
    @WithDefault("PT30S")
    Duration pingInterval();

    /// The same for the connections to further services, 10 s to 1 h. gRPC servers that are not told otherwise take
    /// more than a few within five minutes for an attack, and break the connection. Default: 6 min.
    @WithDefault("PT6M")
    Duration furtherPingInterval();

    /// How often a call is tried at most, 1 to 10. Default: 3.
    @WithDefault("3")
    int attemptsMax();

    /// Failures within 3 seconds from which on an address may be left out, 1 to 1000; it is when most of its calls
    /// fail.
    @WithDefault("5")
    int circuitFailures();

    /// How long an address is left out before one call tries it again, 100 ms to 10 min. Default: 2 s.
    @WithDefault("PT2S")
    Duration circuitOpen();

    /// How long after a whole request a service may say nothing before that counts against its address, 100 ms to
    /// 10 min. Default: 10 s.
    @WithDefault("PT10S")
    Duration silenceCounted();

    /// Longest metadata of a call to a service in bytes, as HTTP/2 counts headers, 4 KiB to 1 MiB. gRPC servers take
    /// 8 KiB unless told otherwise, those of `bank.v1` 16 KiB. Default: 8 KiB.
    @WithDefault("8192")
    int metadataBytesMax();

    /// Longest request of one message to an rpc that anybody may call, in bytes, 1 KiB to 8 MiB. It bounds what
    /// strangers can make the edge hold. Default: 64 KiB.
    @WithDefault("65536")
    int strangerBytesMax();
}
