package bank.edge.http;

import bank.edge.RequestLabels;
import bank.edge.grpc.GrpcProxy;
import bank.platform.failure.Failure;
import bank.platform.grpc.Headers;
import bank.platform.telemetry.Tracing;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/// Records a span for each request, in the trace its client names, and has the services continue it. Of what is sent it
/// holds method, template of the path and status alone.
final class Traced extends SimpleDecoratingHttpService {
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<Long> GRPC_STATUS = AttributeKey.longKey("rpc.grpc.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracing tracing;

    private Traced(HttpService service, Tracing tracing) {
        super(service);
        this.tracing = tracing;
    }

    /// The service itself, when nothing is traced.
    static HttpService around(HttpService service, Tracing tracing) {
        return tracing.isOn() ? new Traced(service, tracing) : service;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        Span span = tracing.serving(
                        request.method().name(), name -> request.headers().getAll(name))
                .setAttribute(METHOD, request.method().name())
                .setAttribute(SCHEME, ctx.sessionProtocol().isTls() ? "https" : "http")
                .startSpan();
        if (span.isRecording()) {
            RequestLabels.trace(ctx, span.getSpanContext().getTraceId());
            var _ = ctx.log().whenComplete().thenAccept(log -> end(span, ctx, log));
        }
        HttpRequest continued = request.withHeaders(within(span, request));
        ctx.updateRequest(continued);
        return unwrap().serve(ctx, continued);
    }

    private static RequestHeadersBuilder within(Span span, HttpRequest request) {
        RequestHeadersBuilder headers = request.headers().toBuilder();
        headers.remove(Headers.TRACEPARENT);
        headers.remove(Headers.TRACESTATE);
        Tracing.headers(span).forEach(headers::set);
        return headers;
    }

    private static void end(Span span, ServiceRequestContext ctx, RequestLog log) {
        String route = RequestLabels.route(ctx);
        if (route != null) {
            span.updateName(log.requestHeaders().method().name() + " " + route);
            span.setAttribute(ROUTE, route);
        }
        int status = log.responseHeaders().status().code();
        if (status != 0) {
            span.setAttribute(STATUS, (long) status);
        }
        Failure failure = RequestLabels.failure(ctx);
        if (GrpcProxy.isCall(log.requestHeaders())) {
            Status.Code code = failure == null ? Status.Code.OK : failure.code();
            span.setAttribute(GRPC_STATUS, (long) code.value());
        }
        String error = error(status, failure, log.responseCause());
        if (error != null) {
            span.setAttribute(ERROR, error);
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /// What went wrong here or behind here; null when nothing did, or the request itself was at fault.
    private static @Nullable String error(int status, @Nullable Failure failure, @Nullable Throwable broken) {
        if (failure != null && Tracing.isFault(failure.code())) {
            return failure.reason();
        }
        if (broken != null) {
            return broken.getClass().getName();
        }
        return status >= 500 ? Integer.toString(status) : null;
    }
}
