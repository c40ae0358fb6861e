package bank.edge.http;

import io.smallrye.config.WithDefault;
import java.util.OptionalInt;

/// Figures for Prometheus, `bank.edge.metrics.…`, at `/metrics` of a listener of their own.
public interface MetricsConfig {
    /// Port to listen on, 0 to 65535; 0 takes a free one. Default: none, and then nothing is measured.
    OptionalInt port();

    /// Address to listen on. Default: loopback only, for the figures are for operators alone.
    @WithDefault("127.0.0.1")
    String host();
}
