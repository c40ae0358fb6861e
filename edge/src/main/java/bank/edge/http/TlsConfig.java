package bank.edge.http;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// TLS of the edge, `bank.edge.tls.…`. Without files it speaks in the clear.
public interface TlsConfig {
    /// File with the certificate and those between it and the root, PEM.
    Optional<String> certificate();

    /// File with the certificate's private key, PEM (PKCS#8), not encrypted.
    Optional<String> key();

    /// How often the files are looked at; new ones serve new connections, running ones go on. 100 ms to 1 day.
    /// Default: 10 s.
    @WithDefault("PT10S")
    Duration reloadPause();
}
