package bank.edge.upstream;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.DynamicEndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.linecorp.armeria.client.endpoint.dns.DnsAddressEndpointGroup;
import java.util.ArrayList;
import java.util.List;

/// The addresses a setting names: `host:port`, or several of these with commas between. A name stands for every address
/// that DNS or the hosts file has for it, looked up again as its records expire.
final class Addresses {
    private static final int TTL_SECONDS_MIN = 1;
    private static final int TTL_SECONDS_MAX = 60;

    private Addresses() {}

    /// @throws IllegalArgumentException when it is no such list
    static EndpointGroup group(String setting, EndpointSelectionStrategy strategy) {
        var numeric = new ArrayList<Endpoint>();
        var groups = new ArrayList<EndpointGroup>();
        for (String address : setting.split(",", -1)) {
            Endpoint endpoint = Endpoint.parse(address.strip());
            if (!endpoint.hasPort()) {
                throw new IllegalArgumentException("no host:port: " + address);
            }
            if (endpoint.hasIpAddr()) {
                numeric.add(endpoint);
            } else {
                groups.add(DnsAddressEndpointGroup.builder(endpoint.host())
                        .port(endpoint.port())
                        .ttl(TTL_SECONDS_MIN, TTL_SECONDS_MAX)
                        .selectionStrategy(strategy)
                        .build());
            }
        }
        if (!numeric.isEmpty()) {
            groups.add(new Fixed(strategy, numeric));
        }
        return EndpointGroup.of(strategy, groups);
    }

    private static final class Fixed extends DynamicEndpointGroup {
        Fixed(EndpointSelectionStrategy strategy, List<Endpoint> endpoints) {
            super(strategy);
            setEndpoints(endpoints);
        }
    }
}
