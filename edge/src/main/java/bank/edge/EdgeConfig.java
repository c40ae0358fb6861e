package bank.edge;

import bank.edge.http.CompressionConfig;
import bank.edge.http.ConnectionConfig;
import bank.edge.http.CorsConfig;
import bank.edge.http.MetricsConfig;
import bank.edge.http.ProxyConfig;
import bank.edge.http.RateConfig;
import bank.edge.http.TlsConfig;
import bank.platform.config.ServiceConfig.TokenConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Settings of the edge, `bank.edge.…`, in the environment `BANK_EDGE_…`.
@ConfigMapping(prefix = "bank.edge")
public interface EdgeConfig {
    /// Address to listen on. Default: loopback only.
    @WithDefault("127.0.0.1")
    String host();

    /// Port to listen on; 0 takes a free one.
    @WithDefault("8080")
    int port();

    /// Addresses of the services.
    UpstreamAddresses upstreams();

    /// Access tokens the edge lets pass.
    TokenConfig tokens();

    /// Longest JSON or form body in bytes.
    @WithDefault("1048576")
    long jsonBytesMax();

    /// Longest body of an upload of one file in bytes. The service enforces the limit of the file itself, so this
    /// leaves room above it. Default: 52 MiB.
    @WithDefault("54525952")
    long uploadBytesMax();

    /// Longest body of an upload of several files in bytes. Default: 1.25 GiB.
    @WithDefault("1342177280")
    long batchUploadBytesMax();

    /// Time a call may take when the client names none.
    @WithDefault("PT30S")
    Duration requestTimeout();

    /// Longest time a client may ask for.
    @WithDefault("PT2M")
    Duration requestTimeoutMax();

    /// Time an upload, a download or a gRPC stream may take; the longest a client may ask for there.
    @WithDefault("PT15M")
    Duration transferTimeout();

    /// Pages of other origins.
    CorsConfig cors();

    /// Compressed answers.
    CompressionConfig compression();

    /// What connections may cost.
    ConnectionConfig connections();

    /// How many requests one may send.
    RateConfig rates();

    /// Proxies in front of the edge.
    ProxyConfig proxies();

    /// Figures for Prometheus.
    MetricsConfig metrics();

    /// How the line that is logged for each request looks: `text`, `json` or `off`.
    @WithDefault("text")
    AccessLogForm accessLog();

    /// TLS.
    TlsConfig tls();

    /// Where the services listen, `host:port`.
    interface UpstreamAddresses {
        /// identity-service.
        String identity();

        /// document-service.
        String document();

        /// contract-service.
        String contract();
    }
}
