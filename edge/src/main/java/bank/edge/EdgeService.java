package bank.edge;

import bank.edge.grpc.GrpcProxy;
import bank.edge.route.Rpc;
import bank.edge.transcode.JsonGateway;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;

/// The one way in: gRPC to the proxy, everything else to the JSON gateway.
final class EdgeService implements HttpService {
    private static final Duration RESET_DELAY = Duration.ofSeconds(5);

    private final JsonGateway json;
    private final GrpcProxy grpc;
    private final ApiVersions versions;

    EdgeService(JsonGateway json, GrpcProxy grpc, ApiVersions versions) {
        this.json = json;
        this.grpc = grpc;
        this.versions = versions;
    }

    /// An HTTP/2 client that is answered before its body is through gets time to take the answer, before
    /// the rest of the body is refused by a reset: many clients drop the answer at a reset.
    @Override
    public ServiceOptions options() {
        return ServiceOptions.builder()
                .closeHttp2StreamDelayMillis(RESET_DELAY.toMillis())
                .build();
    }

    @Override
    public ExchangeType exchangeType(RoutingContext ctx) {
        return GrpcProxy.isCall(ctx.headers()) ? ExchangeType.BIDI_STREAMING : json.exchangeType(ctx);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        String requestId = RequestLabels.id(ctx);
        boolean call = GrpcProxy.isCall(request.headers());
        HttpResponse answer = call
                ? grpc.serve(ctx, request)
                : grpc.serves(ctx.path()) && !json.serves(ctx)
                        ? GrpcProxy.callsOnly(grpc, ctx, request)
                        : json.serve(ctx, request);
        HttpHeaders said = said(ctx);
        if (!said.isEmpty()) {
            ctx.mutateAdditionalResponseHeaders(headers -> headers.set(said));
        }
        return call ? answer : answer.mapHeaders(headers -> ResponseDefaults.on(headers, requestId));
    }

    /// What is to be said of the version of the interface the request is for.
    private HttpHeaders said(ServiceRequestContext ctx) {
        Rpc rpc = RequestLabels.rpc(ctx);
        return rpc == null ? HttpHeaders.of() : versions.of(rpc);
    }
}
