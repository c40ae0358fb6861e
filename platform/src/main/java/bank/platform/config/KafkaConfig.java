package bank.platform.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Settings of Kafka, which a service publishes its events to. It need not be there when the service starts.
public interface KafkaConfig {
    /// Brokers to begin with, `host:port`, or several of these with commas between. Services must be told; the edge
    /// publishes nothing without.
    Optional<String> bootstrapServers();

    /// How to talk to them: `plaintext`, `ssl`, `sasl-plaintext` or `sasl-ssl`.
    @WithDefault("plaintext")
    Protocol protocol();

    /// What the names of topics and consumer groups begin with, e.g. `bank.`. Default: nothing.
    Optional<String> prefix();

    /// Partitions of a topic that is made here, 1 to 1000: so many processes may work its events at once.
    @WithDefault("6")
    int partitions();

    /// Pauses before an event that failed is tried again: after its first failure, the second and so on; then it is a
    /// dead letter. 1 to 10 of them, each a millisecond to 30 minutes. The same for all instances of a service.
    @WithDefault("PT1S,PT10S,PT1M,PT10M")
    List<Duration> retryPauses();

    /// Brokers that keep each message of a topic made here, 1 to 9; from 3 on, two must have it before it counts as
    /// published. Default: that of the brokers.
    OptionalInt replicationFactor();

    /// Who the service is to the brokers, for `sasl-plaintext` and `sasl-ssl`.
    SaslConfig sasl();

    /// Certificates, for `ssl` and `sasl-ssl`.
    TlsConfig tls();

    /// How a connection is secured, and who its end is.
    enum Protocol {
        /// Neither secret nor signed in.
        PLAINTEXT,
        /// TLS.
        SSL,
        /// Signed in, not secret.
        SASL_PLAINTEXT,
        /// TLS, and signed in.
        SASL_SSL
    }

    /// Signing in to the brokers.
    interface SaslConfig {
        /// Mechanism, e.g. `SCRAM-SHA-512`, `PLAIN`, `OAUTHBEARER`.
        @WithDefault("SCRAM-SHA-512")
        String mechanism();

        /// User, for `PLAIN` and `SCRAM-…`.
        Optional<String> user();

        /// Password, for `PLAIN` and `SCRAM-…`.
        Optional<String> password();

        /// Login module with its options as JAAS has it, for other mechanisms; in place of user and password.
        Optional<String> jaasConfig();
    }

    /// Certificates, in PEM files or key stores.
    interface TlsConfig {
        /// File with the certificates the brokers' are signed with: PEM by the ending `.pem`, else PKCS12 or JKS.
        /// Default: those of the JDK.
        Optional<String> trustStore();

        /// Password of a trust store that is no PEM.
        Optional<String> trustStorePassword();

        /// File with the service's own key and certificates, for brokers that ask for them: PEM by the ending `.pem`,
        /// else PKCS12 or JKS. Default: none.
        Optional<String> keyStore();

        /// Password of the key store, or of the key in a PEM.
        Optional<String> keyStorePassword();
    }
}
