package bank.edge.http;

import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// Proxies in front of the edge, `bank.edge.proxies.…`.
public interface ProxyConfig {
    /// Addresses of proxies whose word on the client's address is believed, as addresses or networks, e.g. `10.0.0.7`,
    /// `10.1.0.0/16`, `fd00::/8`. Default: none.
    Optional<List<String>> trusted();

    /// The header they set, `x-forwarded-for` or `forwarded` (RFC 7239). Only one is read: a proxy passes on the other
    /// as the client sent it.
    @WithDefault("x-forwarded-for")
    String header();
}
