package bank.edge;

import bank.edge.auth.IssuerConfig;
import bank.edge.http.CompressionConfig;
import bank.edge.http.ConnectionConfig;
import bank.edge.http.CorsConfig;
import bank.edge.http.MetricsConfig;
import bank.edge.http.ProxyConfig;
import bank.edge.http.RateConfig;
import bank.edge.http.TlsConfig;
import bank.edge.json.JsonMode;
import bank.edge.upstream.UpstreamConfig;
import bank.platform.config.KafkaConfig;
import bank.platform.config.ServiceConfig.TokenConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Settings of the edge, `bank.edge.…`, in the environment `BANK_EDGE_…`.
@ConfigMapping(prefix = "bank.edge")
public interface EdgeConfig {
    /// Address to listen on. Default: loopback only.
    @WithDefault("127.0.0.1")
    String host();

    /// Port to listen on, 0 to 65535; 0 takes a free one.
    @WithDefault("8080")
    int port();

    /// Addresses of the services.
    UpstreamAddresses upstreams();

    /// Connections to them.
    UpstreamConfig upstream();

    /// Access tokens the edge lets pass.
    TokenConfig tokens();

    /// Who the edge is to identity-service, as a machine client. Without it the edge takes no access tokens that are
    /// bound to a key, and none of the users of further issuers. Default: none.
    Optional<ClientConfig> client();

    /// Further issuers of access tokens, by a name of 1 to 32 of a to z, 0 to 9 and `-` that begins the names of their
    /// callers. Default: none.
    Map<String, IssuerConfig> issuers();

    /// Longest JSON or form body in bytes, 1 byte to 64 MiB. Default: 1 MiB.
    @WithDefault("1048576")
    long jsonBytesMax();

    /// Most bytes of messages that are held whole, from all clients together; more get 503. Bodies that come in one
    /// piece and answers up to 64 KiB are not counted; of a streamed answer the longest message is. A message is
    /// held in up to four forms at a time. 16 MiB to 1 TiB. Default: an eighth of the heap, 16 MiB at least.
    OptionalLong heldBytesMax();

    /// Longest body of an upload of one file in bytes. The service enforces the limit of the file itself, so this
    /// leaves room above it. 1 byte to 2 TiB. Default: 52 MiB.
    @WithDefault("54525952")
    long uploadBytesMax();

    /// Longest body of an upload of several files in bytes. The service enforces the limit of the files together
    /// (1 GiB unless set otherwise), so this leaves room above it. 1 byte to 2 TiB. Default: 1.25 GiB.
    @WithDefault("1342177280")
    long batchUploadBytesMax();

    /// Longest streamed request in bytes, as lines of JSON, raw or over gRPC. 1 byte to 2 TiB. Default: 4 GiB.
    @WithDefault("4294967296")
    long streamBytesMax();

    /// Silence of a service after which a stream of events sends a comment, so that nobody on the way takes it for
    /// dead; and the longest wait for the first message before the answer begins without one. 100 ms to 10 min.
    /// Default: 15 s.
    @WithDefault("PT15S")
    Duration streamHeartbeat();

    /// Pause after which a browser asks again for a stream of events that broke off, 0 s to 1 h. Default: 3 s.
    @WithDefault("PT3S")
    Duration streamRetry();

    /// Time a call may take when the client names none, 1 ms to 1 day. Default: 30 s.
    @WithDefault("PT30S")
    Duration requestTimeout();

    /// Longest time a client may ask for, from `request-timeout` to 1 day. Default: 2 min.
    @WithDefault("PT2M")
    Duration requestTimeoutMax();

    /// Time an upload, a download or a stream may take; the longest a client may ask for there. 1 ms to 1 day.
    /// Default: 15 min.
    @WithDefault("PT15M")
    Duration transferTimeout();

    /// How long the edge goes on serving, not ready any more, before it stops: time for load balancers to see it and
    /// to send what is new elsewhere. 0 s to 5 min. Default: 0 s.
    @WithDefault("PT0S")
    Duration drainQuiet();

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

    /// Kafka, which every request is told to by an event `system.logs.access`. Default: none, and then none is told.
    KafkaConfig kafka();

    /// TLS.
    TlsConfig tls();

    /// Pause between two readings of the versions of the interface and their dates, 1 ms to 1 day. Default:
    /// 1 min.
    @WithDefault("PT1M")
    Duration versionsPause();

    /// Further services behind the edge, beside those of this system, by a name of the operator's choice.
    Map<String, FurtherServices> services();

    /// Services described by a descriptor set of their own.
    interface FurtherServices {
        /// File with a `google.protobuf.FileDescriptorSet` that holds its imports too, as `buf build -o` and
        /// `protoc --include_imports --descriptor_set_out` write it. Every service in it is served.
        Path descriptors();

        /// Where they listen: `host:port`, or several of these with commas between.
        String address();

        /// JSON form of their messages: `standard` is the ProtoJSON mapping of the protobuf documentation, `house` the
        /// rules of `bank.v1`, with its statuses and strict queries.
        @WithDefault("standard")
        JsonMode mode();

        /// Full names of the services anybody may call without a token, e.g. `acme.rates.v1.RateService`. Default:
        /// none.
        Optional<Set<String>> open();

        /// Scope the token needs. Default: any good token is let through. Rpcs with the option `(bank.v1.access)`
        /// are guarded by that instead.
        Optional<String> scope();

        /// Whether a header `Grpc-Metadata-X` of a request reaches the services as the metadata `x`, and metadata `x`
        /// of theirs the client as `Grpc-Metadata-X`. Default: no.
        @WithDefault("false")
        boolean metadata();
    }

    /// A machine client.
    interface ClientConfig {
        /// Its id, e.g. `edge`.
        String id();

        /// Its secret.
        String secret();
    }

    /// Where the services listen: `host:port`, or several of these with commas between.
    interface UpstreamAddresses {
        /// identity-service.
        String identity();

        /// document-service.
        String document();

        /// contract-service.
        String contract();

        /// registry-service.
        String registry();
    }
}
