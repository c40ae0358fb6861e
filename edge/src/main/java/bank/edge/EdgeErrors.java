package bank.edge;

import bank.edge.grpc.GrpcProxy;
import bank.edge.problem.EdgeFailures;
import bank.edge.problem.Problems;
import bank.platform.failure.Failure;
import bank.platform.grpc.Headers;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the server itself finds wrong, in the form of every other error.
final class EdgeErrors implements ServerErrorHandler {
    private final Refusals refusals;

    EdgeErrors(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
        if (cause instanceof RequestTimeoutException) {
            if (!ctx.sessionProtocol().isMultiplex()) {
                // What is left of a body that trickles would keep the connection open for as long as it does.
                var _ = ctx.initiateConnectionShutdown();
            }
            return answer(ctx, ctx.request().headers(), EdgeFailures.deadlineExceeded())
                    .toHttpResponse();
        }
        return null;
    }

    /// The request is none, or none the server takes: no service sees it, and neither the log of requests.
    @Override
    public AggregatedHttpResponse onProtocolViolation(
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        Failure failure = failure(status);
        AggregatedHttpResponse answer = answer(null, headers, failure);
        refusals.tell(
                headers == null ? HttpMethod.UNKNOWN : headers.method(),
                answer.status(),
                failure,
                answer.headers().get(Headers.REQUEST_ID, ""),
                answer.content().length());
        return answer;
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext ctx,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        return answer(ctx, headers, failure(status));
    }

    private static AggregatedHttpResponse answer(
            @Nullable ServiceRequestContext ctx, @Nullable RequestHeaders headers, Failure failure) {
        if (ctx != null) {
            RequestLabels.failure(ctx, failure);
        }
        String requestId = ctx == null ? UUID.randomUUID().toString() : RequestLabels.id(ctx);
        if (headers != null && GrpcProxy.isCall(headers)) {
            var told = GrpcProxy.failure(headers, failure).toBuilder()
                    .set(Headers.REQUEST_ID, requestId)
                    .build();
            return AggregatedHttpResponse.of(ctx == null ? told : AnswerHeaders.in(ctx, told));
        }
        String target = headers == null ? "" : headers.path();
        int query = target.indexOf('?');
        var answer = Problems.answer(failure, query < 0 ? target : target.substring(0, query), requestId);
        var complete = ResponseDefaults.on(answer.headers(), requestId);
        return AggregatedHttpResponse.of(ctx == null ? complete : AnswerHeaders.in(ctx, complete), answer.content());
    }

    private static Failure failure(HttpStatus status) {
        return switch (status.code()) {
            case 404 -> EdgeFailures.unknownRoute();
            case 405 -> EdgeFailures.methodNotAllowed(Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
            case 413 -> Failure.of(Status.Code.RESOURCE_EXHAUSTED, "CONTENT_TOO_LARGE", "the body is too large");
            case 414 -> EdgeFailures.malformed("URI_TOO_LONG", "the address is too long");
            case 431 -> EdgeFailures.headersTooLarge();
            case 503 -> Failure.of(Status.Code.UNAVAILABLE, "UNAVAILABLE", "the server is not able to answer now");
            default ->
                status.isClientError()
                        ? EdgeFailures.malformed("MALFORMED_REQUEST", "this is no request the server understands")
                        : EdgeFailures.internal();
        };
    }
}
