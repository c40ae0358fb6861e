package bank.registry.client;

import java.net.URI;
import java.time.Duration;

/// Where a registry is, who this service is to it, and how patient it is with it.
///
/// @param name for messages, e.g. `nhs`
/// @param url base of its addresses, e.g. `https://registry.nhs.example/api`
/// @param tokenUrl where it gives tokens by client credentials (RFC 6749, section 4.4)
/// @param timeout for one try, from its beginning to the last byte of its answer
/// @param triesMax most tries in all
/// @param pause before the second try, about; each further one is twice as long
/// @param failuresMax tries that fail one after another before it is left alone
/// @param rest how long it is left alone then, before it is tried once
public record RegistryEndpoint(
        String name,
        URI url,
        URI tokenUrl,
        String clientId,
        String clientSecret,
        Duration timeout,
        int triesMax,
        Duration pause,
        int failuresMax,
        Duration rest) {

    /// Does not tell the secret.
    @Override
    public String toString() {
        return name + " at " + url;
    }
}
