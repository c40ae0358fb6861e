package bank.edge.http;

import bank.edge.EdgeConfig;
import bank.platform.telemetry.Tracing;
import com.linecorp.armeria.server.HttpService;
import java.util.function.Function;

/// What lies around every service of the edge, from the outside in.
public final class Manners {
    private Manners() {}

    /// A decorator for all that the server serves.
    ///
    /// @throws bank.platform.config.InvalidSettingsException when the settings contradict each other
    public static Function<HttpService, HttpService> of(EdgeConfig config, Metrics metrics, Tracing tracing) {
        Cors.check(config.cors());
        ClientAddresses.check(config.proxies());
        return service -> {
            HttpService compressed = Compression.around(service, config.compression());
            HttpService limited = AddressLimit.around(compressed, config.rates());
            HttpService open = Cors.around(limited, config.cors());
            HttpService measured = metrics.around(ClientAddresses.around(open, config.proxies()));
            return Traced.around(measured, tracing);
        };
    }
}
