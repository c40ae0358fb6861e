package bank.edge.http;

import bank.edge.AnswerHeaders;
import bank.edge.EdgeConfig;
import bank.edge.RequestLabels;
import bank.platform.telemetry.Tracing;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.function.Function;

/// What lies around every service of the edge, from the outside in.
public final class Manners {
    private Manners() {}

    /// A decorator for each service of the server; what they count, they count together. A decorator of the server
    /// itself would have Armeria route each request twice.
    ///
    /// @throws bank.platform.config.InvalidSettingsException when the settings contradict each other
    public static Function<HttpService, HttpService> of(EdgeConfig config, Metrics metrics, Tracing tracing) {
        Cors.check(config.cors());
        ClientAddresses.check(config.proxies());
        var quota = AddressLimit.quota(config.rates());
        boolean metadata = config.services().values().stream().anyMatch(EdgeConfig.FurtherServices::metadata);
        return service -> {
            HttpService compressed = Compression.around(service, config.compression());
            HttpService limited =
                    AddressLimit.around(compressed, inner -> Cors.around(inner, config.cors(), metadata), quota);
            HttpService named = limited.decorate(Manners::named);
            HttpService measured = metrics.around(ClientAddresses.around(named, config.proxies()));
            return Traced.around(measured, tracing);
        };
    }

    /// Names the request in its answer, whoever gives it, and adds what was gathered for the answer.
    private static HttpResponse named(HttpService service, ServiceRequestContext ctx, HttpRequest request)
            throws Exception {
        String id = RequestLabels.id(ctx);
        return service.serve(ctx, request).mapHeaders(headers -> AnswerHeaders.in(ctx, named(headers, id)));
    }

    private static ResponseHeaders named(ResponseHeaders headers, String id) {
        return id.equals(headers.get(HttpHeaderNames.X_REQUEST_ID))
                ? headers
                : headers.toBuilder().set(HttpHeaderNames.X_REQUEST_ID, id).build();
    }
}
