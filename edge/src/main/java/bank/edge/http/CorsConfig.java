package bank.edge.http;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Which pages of other origins may call the edge from a browser (CORS), `bank.edge.cors.…`.
public interface CorsConfig {
    /// Origins that may, e.g. `https://app.bank.example`; `*` for any, without credentials only. Default: none.
    Optional<List<String>> origins();

    /// Whether browsers may send cookies and client certificates along. Access tokens need this not. Default: false.
    @WithDefault("false")
    boolean credentials();

    /// How long a browser may remember what it was allowed, 0 s to 1 day. Default: 1 h.
    @WithDefault("PT1H")
    Duration maxAge();
}
