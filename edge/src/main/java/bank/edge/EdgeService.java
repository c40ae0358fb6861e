package bank.edge;

import bank.edge.grpc.GrpcProxy;
import bank.edge.transcode.JsonGateway;
import bank.platform.grpc.Headers;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;

/// The one way in: gRPC to the proxy, everything else to the JSON gateway.
final class EdgeService implements HttpService {
    private static final Duration RESET_DELAY = Duration.ofSeconds(5);

    private final JsonGateway json;
    private final GrpcProxy grpc;

    EdgeService(JsonGateway json, GrpcProxy grpc) {
        this.json = json;
        this.grpc = grpc;
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
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        String requestId = RequestLabels.id(ctx);
        if (GrpcProxy.isCall(request.headers())) {
            return grpc.serve(ctx, request)
                    .mapHeaders(headers -> headers.toBuilder()
                            .set(Headers.REQUEST_ID, requestId)
                            .build());
        }
        return json.serve(ctx, request).mapHeaders(headers -> ResponseDefaults.on(headers, requestId));
    }
}
