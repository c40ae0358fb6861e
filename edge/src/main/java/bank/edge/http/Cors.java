package bank.edge.http;

import bank.edge.RequestLabels;
import bank.edge.ResponseDefaults;
import bank.platform.config.InvalidSettingsException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import com.linecorp.armeria.server.cors.CorsService;
import java.util.List;

/// Lets pages of other origins call the edge, JSON and gRPC-Web alike, and answers their preflights. Who calls from
/// an origin that is not allowed gets his answer, which his browser then keeps from the page.
final class Cors extends SimpleDecoratingHttpService {
    private static final String ANY = "*";
    private static final String ORIGIN = "Origin";

    private static final List<String> REQUEST_HEADERS = List.of(
            "Accept",
            "Accept-Language",
            "Authorization",
            "Content-Digest",
            "Content-Disposition",
            "Content-Type",
            "DPoP",
            "Grpc-Timeout",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "If-Range",
            "Range",
            "Traceparent",
            "Validate-Only",
            "X-Grpc-Web",
            "X-Request-Id",
            "X-Request-Timeout",
            "X-User-Agent");

    private static final List<String> ANSWER_HEADERS = List.of(
            "Accept-Ranges",
            "Allow",
            "Content-Disposition",
            "Content-Range",
            "Deprecation",
            "ETag",
            "Idempotency-Replayed",
            "Link",
            "Location",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "Sunset",
            "WWW-Authenticate",
            "X-Request-Id",
            "grpc-message",
            "grpc-status",
            "grpc-status-details-bin");

    private final boolean varies;

    private Cors(HttpService cors, boolean varies) {
        super(cors);
        this.varies = varies;
    }

    /// The service behind what the configuration allows; the service itself when that is nothing.
    static HttpService around(HttpService service, CorsConfig config) {
        List<String> origins = config.origins().orElse(List.of());
        if (origins.isEmpty()) {
            return service;
        }
        var cors = CorsService.builder(origins)
                .allowRequestMethods(
                        HttpMethod.GET,
                        HttpMethod.HEAD,
                        HttpMethod.POST,
                        HttpMethod.PUT,
                        HttpMethod.PATCH,
                        HttpMethod.DELETE)
                .allowRequestHeaders(REQUEST_HEADERS)
                .exposeHeaders(ANSWER_HEADERS)
                .maxAge(config.maxAge());
        if (config.credentials()) {
            cors.allowCredentials();
        }
        return new Cors(cors.build(service), !origins.contains(ANY));
    }

    /// @throws InvalidSettingsException when any origin were allowed to use credentials
    static void check(CorsConfig config) {
        List<String> origins = config.origins().orElse(List.of());
        if (origins.contains(ANY) && (config.credentials() || origins.size() > 1)) {
            throw new InvalidSettingsException(
                    List.of("bank.edge.cors.origins: * stands alone, and without bank.edge.cors.credentials"));
        }
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        HttpResponse answer = ((HttpService) unwrap()).serve(ctx, request);
        // As an additional header it would take the place of what else the answer varies by.
        ctx.mutateAdditionalResponseHeaders(headers -> headers.remove(HttpHeaderNames.VARY));
        return answer.mapHeaders(headers -> {
            boolean preflight = request.method() == HttpMethod.OPTIONS;
            return varying(preflight ? ResponseDefaults.on(headers, RequestLabels.id(ctx)) : headers);
        });
    }

    private ResponseHeaders varying(ResponseHeaders headers) {
        return varies ? Vary.by(headers, ORIGIN) : headers;
    }
}
