package bank.contract;

import bank.platform.config.ServiceConfig;
import bank.platform.config.UpstreamConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Settings of contract-service.
@ConfigMapping(prefix = "bank.contract")
public interface ContractConfig extends ServiceConfig {
    /// Who this service is to others, and where identity-service is. Scopes it needs: `users:read`,
    /// `documents:hold`, and `calls:forward` for callers whose tokens are bound to a key.
    UpstreamConfig upstream();

    /// Address of document-service, `host:port`.
    String documents();

    /// Mending of links that a crash left half done.
    MendConfig mend();

    /// Settings of the mending.
    interface MendConfig {
        /// Pause between two runs, ISO 8601, 100 ms to 1 h.
        @WithDefault("PT5S")
        Duration pause();

        /// How long a half-done link is left to the call that began it, ISO 8601, 1 s to 1 h. A call
        /// that takes longer is refused in the end.
        @WithDefault("PT60S")
        Duration patience();
    }
}
