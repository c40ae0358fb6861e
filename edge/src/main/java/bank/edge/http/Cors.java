package bank.edge.http;

import bank.edge.RequestLabels;
import bank.edge.ResponseDefaults;
import bank.platform.config.InvalidSettingsException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import com.linecorp.armeria.server.cors.CorsService;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lets pages of other origins call the edge, JSON and gRPC-Web alike, and answers their preflights. Who calls from
/// an origin that is not allowed gets his answer, which his browser then keeps from the page; his preflight is a plain
/// `OPTIONS`.
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
            "Last-Event-ID",
            "Range",
            "Traceparent",
            "Tracestate",
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

    // CORS knows no names by their beginning: each has to be allowed as it is asked for.
    private static final Pattern METADATA = Pattern.compile("grpc-metadata-[a-z0-9_.-]{1,64}");
    private static final int METADATA_MAX = 32;

    private final HttpService service;
    private final List<String> origins;
    private final boolean metadata;

    private Cors(HttpService cors, HttpService service, List<String> origins, boolean metadata) {
        super(cors);
        this.service = service;
        this.origins = List.copyOf(origins);
        this.metadata = metadata;
    }

    /// The service behind what the configuration allows; the service itself when that is nothing.
    ///
    /// @param metadata whether some service takes and gives headers `Grpc-Metadata-X`
    static HttpService around(HttpService service, CorsConfig config, boolean metadata) {
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
        return new Cors(cors.build(service), service, origins, metadata);
    }

    /// @throws InvalidSettingsException when any origin were allowed to use credentials
    static void check(CorsConfig config) {
        List<String> origins = config.origins().orElse(List.of());
        if (origins.contains(ANY) && (config.credentials() || origins.size() > 1)) {
            throw new InvalidSettingsException(
                    List.of("bank.edge.cors.origins: * stands alone, and without bank.edge.cors.credentials"));
        }
    }

    /// The request asks what a page may send.
    static boolean isPreflight(HttpRequest request) {
        return request.method() == HttpMethod.OPTIONS
                && request.headers().contains(HttpHeaderNames.ORIGIN)
                && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        if (isPreflight(request) && !isAllowed(request.headers().get(HttpHeaderNames.ORIGIN, ""))) {
            return service.serve(ctx, request).mapHeaders(this::varying);
        }
        HttpResponse answer = ((HttpService) unwrap()).serve(ctx, request);
        // As an additional header it would take the place of what else the answer varies by.
        ctx.mutateAdditionalResponseHeaders(headers -> headers.remove(HttpHeaderNames.VARY));
        return answer.mapHeaders(headers -> {
            if (request.method() == HttpMethod.OPTIONS) {
                return varying(ResponseDefaults.on(allowing(headers, request.headers()), RequestLabels.id(ctx)));
            }
            expose(ctx, headers);
            return varying(headers);
        });
    }

    private boolean isAllowed(String origin) {
        return origins.contains(ANY) || origins.stream().anyMatch(origin::equalsIgnoreCase);
    }

    /// The answer to a preflight, with the metadata that was asked for.
    private ResponseHeaders allowing(ResponseHeaders answer, RequestHeaders request) {
        String allowed = answer.get(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS);
        if (!metadata || allowed == null) {
            return answer;
        }
        Stream<String> asked = request.getAll(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT));
        return answer.toBuilder()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, joined(allowed, asked))
                .build();
    }

    /// Lets the page read the metadata of an answer.
    private void expose(ServiceRequestContext ctx, ResponseHeaders answer) {
        String exposed = ctx.additionalResponseHeaders().get(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS);
        if (metadata && exposed != null) {
            String all = joined(exposed, answer.names().stream().map(AsciiString::toString));
            ctx.mutateAdditionalResponseHeaders(
                    headers -> headers.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, all));
        }
    }

    private static String joined(String names, Stream<String> more) {
        return Stream.concat(
                        Stream.of(names),
                        more.filter(name -> METADATA.matcher(name).matches())
                                .distinct()
                                .limit(METADATA_MAX))
                .collect(Collectors.joining(","));
    }

    private ResponseHeaders varying(ResponseHeaders headers) {
        return origins.contains(ANY) ? headers : Vary.by(headers, ORIGIN);
    }
}
