package bank.edge.http;

import bank.edge.RequestLabels;
import bank.edge.ResponseDefaults;
import bank.edge.route.PathEncodingException;
import bank.edge.route.RouteMatch;
import bank.edge.route.Routes;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// Answers `OPTIONS` on a known path: 204 with the methods it takes. What has a rule for `OPTIONS` of its own answers
/// for itself.
public final class OptionsAnswers extends SimpleDecoratingHttpService {
    /// What the path of an rpc over gRPC takes.
    public static final Set<String> OF_RPC =
            Collections.unmodifiableSortedSet(new TreeSet<>(Set.of("OPTIONS", "POST")));

    private final Routes routes;
    private final Set<String> rpcs;

    /// @param rpcs paths of the rpcs over gRPC, e.g. `/bank.v1.DocumentService/GetDocument`
    public OptionsAnswers(HttpService delegate, Routes routes, Set<String> rpcs) {
        super(delegate);
        this.routes = routes;
        this.rpcs = Set.copyOf(rpcs);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        if (request.method() == HttpMethod.OPTIONS) {
            Set<String> methods = methods(ctx);
            if (!methods.isEmpty()) {
                return answer(ctx, methods);
            }
        }
        return ((HttpService) unwrap()).serve(ctx, request);
    }

    private Set<String> methods(ServiceRequestContext ctx) {
        if (rpcs.contains(ctx.path())) {
            return OF_RPC;
        }
        String target = ctx.rawPath();
        int query = target.indexOf('?');
        try {
            return routes.find(HttpMethod.OPTIONS.name(), query < 0 ? target : target.substring(0, query))
                            instanceof RouteMatch.WrongMethod(var allowed)
                    ? allowed
                    : Set.of();
        } catch (PathEncodingException _) {
            return Set.of();
        }
    }

    /// The answer that tells which methods a path takes.
    public static HttpResponse answer(ServiceRequestContext ctx, Set<String> methods) {
        var headers = ResponseHeaders.builder(HttpStatus.NO_CONTENT)
                .set(HttpHeaderNames.ALLOW, String.join(", ", methods))
                .build();
        return HttpResponse.of(ResponseDefaults.on(headers, RequestLabels.id(ctx)));
    }
}
