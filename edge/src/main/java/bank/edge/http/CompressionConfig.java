package bank.edge.http;

import io.smallrye.config.WithDefault;

/// Answers in gzip and brotli, `bank.edge.compression.…`.
public interface CompressionConfig {
    /// Whether answers are compressed for clients that ask for it. Default: true.
    @WithDefault("true")
    boolean enabled();

    /// Shortest answer that is compressed, in bytes, 1 byte to 16 MiB. Default: 1 KiB.
    @WithDefault("1024")
    int bytesMin();
}
