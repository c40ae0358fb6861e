package bank.registry;

import bank.platform.config.ServiceConfig;
import bank.platform.config.UpstreamConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// Settings of registry-service.
@ConfigMapping(prefix = "bank.registry")
public interface RegistryConfig extends ServiceConfig {
    /// Who this service is to others, and where identity-service is. Scope it needs: `verifications:process`.
    UpstreamConfig upstream();

    /// Stand in, by registers of invented people, for each registry that has no address here, and verify the samples
    /// of original 002 by themselves.
    @WithDefault("false")
    boolean sandbox();

    /// Give one notice of death, of an invented person, some time after the start. For a sandbox alone.
    @WithDefault("false")
    boolean sandboxDeathNotice();

    /// When that notice comes, ISO 8601, up to 1 h.
    @WithDefault("PT30S")
    Duration sandboxDeathNoticeDelay();

    /// The registry of the NHS.
    RemoteConfig nhs();

    /// The registry of HMRC.
    RemoteConfig hmrc();

    /// A registry over HTTP, as docs/registries.md describes it.
    interface RemoteConfig {
        /// Base of its addresses, e.g. `https://registry.nhs.example/api`. Needed without a sandbox.
        Optional<String> url();

        /// Where it gives access tokens. Needed with `url`.
        Optional<String> tokenUrl();

        /// Who this service is to it. Needed with `url`.
        Optional<String> clientId();

        /// The secret for it. Needed with `url`.
        Optional<String> clientSecret();

        /// Longest time for one try, ISO 8601, 10 ms to 10 s.
        @WithDefault("PT2S")
        Duration timeout();

        /// Most tries in all, 1 to 5.
        @WithDefault("3")
        int triesMax();

        /// Pause before the second try, about, ISO 8601, 1 ms to 5 s; each further one is twice as long.
        @WithDefault("PT0.2S")
        Duration pause();

        /// Tries failing one after another before the registry is left alone, 2 to 1000.
        @WithDefault("10")
        int failuresMax();

        /// How long it is left alone then, ISO 8601, 10 ms to 1 h.
        @WithDefault("PT15S")
        Duration rest();
    }
}
