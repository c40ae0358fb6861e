package bank.platform.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Settings every service has.
public interface ServiceConfig {
    /// Address to listen on. Default: loopback only.
    @WithDefault("127.0.0.1")
    String host();

    /// Port to listen on; 0 takes a free one.
    int port();

    /// Names by which clients may address the service beside the address it listens on: `host:port`, or `host` where
    /// that is the usual port. Proofs (RFC 9449) that come with access tokens bound to a key are for these.
    /// Default: none.
    Optional<Set<String>> authorities();

    /// Database of the service.
    DatabaseConfig database();

    /// Access tokens the service accepts.
    TokenConfig tokens();

    /// Kafka, for events.
    KafkaConfig kafka();

    /// The brokers of [#kafka], which no service can be without.
    @WithName("kafka.bootstrap-servers")
    String brokers();

    /// Figures for operators.
    MetricsConfig metrics();

    /// Time a call may take when its caller names none, 1 ms to 1 day.
    @WithDefault("PT30S")
    Duration requestTimeout();

    /// Longest time a caller may ask for, from `request-timeout` to 1 day.
    @WithDefault("PT2M")
    Duration requestTimeoutMax();

    /// Time an upload, a download or another stream may take, and the longest a caller may ask for there, 1 ms to 1
    /// day.
    @WithDefault("PT15M")
    Duration transferTimeout();

    /// Settings of the database.
    interface DatabaseConfig {
        /// JDBC URL, e.g. `jdbc:postgresql://127.0.0.1:5432/document`.
        String url();

        /// User.
        String user();

        /// Password.
        @WithDefault("")
        Optional<String> password();

        /// Most connections at once, 1 to 1000.
        @WithDefault("16")
        int connectionsMax();
    }

    /// Figures for Prometheus, at `/metrics` of a listener of their own.
    interface MetricsConfig {
        /// Port to listen on, 0 to 65535; 0 takes a free one. Default: none, and then nothing listens.
        OptionalInt port();

        /// Address to listen on. Default: loopback only.
        @WithDefault("127.0.0.1")
        String host();
    }

    /// Settings of the access tokens.
    interface TokenConfig {
        /// Issuer (`iss`) the tokens must name, e.g. `http://127.0.0.1:8080`.
        String issuer();

        /// Audience (`aud`) the tokens must name.
        @WithDefault("bank")
        String audience();
    }
}
