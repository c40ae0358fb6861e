package bank.edge.grpc;

import bank.edge.EdgeConfig;
import bank.edge.RequestLabels;
import bank.edge.ResponseDefaults;
import bank.edge.auth.TokenGate;
import bank.edge.http.HeldBytes;
import bank.edge.http.OptionsAnswers;
import bank.edge.problem.EdgeFailures;
import bank.edge.problem.GrpcAnswers;
import bank.edge.problem.Problems;
import bank.edge.problem.UpstreamStatus;
import bank.edge.route.Rpc;
import bank.edge.transcode.CallHeaders;
import bank.edge.transcode.CollectedBody;
import bank.edge.transcode.TimeLimits;
import bank.edge.upstream.Upstreams;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import bank.platform.telemetry.LoggedRequest;
import bank.v1.Upload;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes gRPC calls on to the service they are meant for, frames untouched and at the pace of both ends. gRPC-Web
/// differs in its media type and in its trailers, which come as a last frame of the body.
public final class GrpcProxy implements HttpService, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcProxy.class);

    private static final int PREFIX = 5;

    private final Map<String, Rpc> rpcs = new HashMap<>();
    private final EdgeConfig config;
    private final TimeLimits limits;
    private final TokenGate gate;
    private final Upstreams upstreams;
    private final HeldBytes held;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("grpc-", 0).factory());

    public GrpcProxy(EdgeConfig config, Collection<Rpc> rpcs, TokenGate gate, Upstreams upstreams, HeldBytes held) {
        rpcs.forEach(rpc -> this.rpcs.put(rpc.path(), rpc));
        this.config = config;
        this.limits = new TimeLimits(config);
        this.gate = gate;
        this.upstreams = upstreams;
        this.held = held;
    }

    /// The request is a gRPC or gRPC-Web call.
    public static boolean isCall(RequestHeaders headers) {
        return headers.method() == HttpMethod.POST
                && headers.get(HttpHeaderNames.CONTENT_TYPE, "").startsWith("application/grpc");
    }

    /// The path is that of an rpc.
    public boolean serves(String path) {
        return rpcs.containsKey(path);
    }

    /// Passes gRPC calls on to a service that answers nothing else, and refuses the rest as other routes do.
    public static HttpResponse callsOnly(HttpService service, ServiceRequestContext ctx, HttpRequest request)
            throws Exception {
        if (isCall(request.headers())) {
            return service.serve(ctx, request);
        }
        if (request.method() == HttpMethod.OPTIONS) {
            return OptionsAnswers.answer(ctx, OptionsAnswers.OF_RPC);
        }
        Failure failure = request.method() == HttpMethod.POST
                ? EdgeFailures.mediaType("application/grpc")
                : EdgeFailures.methodNotAllowed(OptionsAnswers.OF_RPC);
        return refused(ctx, failure);
    }

    /// Tells of a failure as other routes do, for what is no call.
    private static HttpResponse refused(ServiceRequestContext ctx, Failure failure) {
        RequestLabels.failure(ctx, failure);
        return Problems.answer(failure, ctx.path(), RequestLabels.id(ctx))
                .toHttpResponse()
                .mapHeaders(headers -> ResponseDefaults.on(headers, RequestLabels.id(ctx)));
    }

    /// The answer that tells a call of a failure, whatever it was for.
    ///
    /// @param headers headers of the call
    public static HttpResponse failed(RequestHeaders headers, Failure failure) {
        return HttpResponse.of(failure(headers, failure));
    }

    /// The headers that this answer is.
    public static ResponseHeaders failure(RequestHeaders headers, Failure failure) {
        WireForm form = WireForm.of(headers.get(HttpHeaderNames.CONTENT_TYPE, ""));
        return GrpcAnswers.headers(failure, (form == null ? WireForm.GRPC : form).contentType());
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        WireForm form = WireForm.of(request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""));
        if (form == null && serves(ctx.path())) {
            return refused(ctx, EdgeFailures.mediaType("application/grpc"));
        }
        if (form == null) {
            return failed(ctx, WireForm.GRPC, unknown().exception());
        }
        long begun = System.nanoTime();
        try {
            Rpc rpc = rpc(ctx);
            RequestLabels.route(ctx, rpc.path(), rpc);
            TokenGate.Admitted known = gate.admitKnown(ctx, rpc, request.headers());
            return known != null
                    ? pass(ctx, request, form, rpc, known, begun)
                    : checked(ctx, request, form, rpc, begun);
        } catch (Throwable e) {
            return failed(ctx, form, e);
        }
    }

    private Rpc rpc(ServiceRequestContext ctx) {
        Rpc rpc = rpcs.get(ctx.path());
        if (rpc == null) {
            throw unknown().exception();
        }
        return rpc;
    }

    private static Failure unknown() {
        return Failure.of(Status.Code.UNIMPLEMENTED, "RPC_UNKNOWN", "there is no such rpc");
    }

    /// Checks the token first, which may wait.
    private HttpResponse checked(ServiceRequestContext ctx, HttpRequest request, WireForm form, Rpc rpc, long begun) {
        return HttpResponse.of(CompletableFuture.supplyAsync(
                        () -> LoggedRequest.get(
                                RequestLabels.id(ctx),
                                () -> pass(ctx, request, form, rpc, gate.admit(ctx, rpc, request.headers()), begun)),
                        threads)
                .exceptionally(e -> failed(ctx, form, Exceptions.peel(e))));
    }

    private static HttpResponse failed(ServiceRequestContext ctx, WireForm form, Throwable cause) {
        Failure failure = switch (cause) {
            case FailureException known -> known.failure();
            // The body broke off: nobody is there to be told.
            case IOException _ -> EdgeFailures.cancelled();
            default -> {
                LoggedRequest.run(RequestLabels.id(ctx), () -> LOG.error("{}: unexpected failure", ctx.path(), cause));
                yield EdgeFailures.internal();
            }
        };
        RequestLabels.failure(ctx, failure);
        return GrpcAnswers.failed(failure, form.contentType());
    }

    /// @param begun since when the time of the call passes, by `System.nanoTime()`
    private HttpResponse pass(
            ServiceRequestContext ctx,
            HttpRequest request,
            WireForm form,
            Rpc rpc,
            TokenGate.Admitted admitted,
            long begun) {
        RequestHeaders client = request.headers();
        Duration timeout = limits.ofGrpc(rpc, client.get("grpc-timeout"));
        ctx.setRequestTimeout(timeout.plus(TimeLimits.GRACE));
        var call = upstreams.headers(rpc);
        for (String name : new String[] {"grpc-encoding", "grpc-accept-encoding"}) {
            if (client.contains(name)) {
                call.set(name, client.get(name, ""));
            }
        }
        var sent = CallHeaders.of(
                rpc,
                call,
                client,
                admitted,
                RequestLabels.id(ctx),
                RequestLabels.address(ctx).getHostAddress(),
                upstreams.metadataBytesMax());
        long deadline = begun + timeout.toNanos();
        if (rpc.method().isClientStreaming()) {
            var gauge = new FrameGauge(upstreams.bytesMax(rpc), streamBytesMax(rpc));
            StreamMessage<HttpData> frames = gauge.watch(
                    form.decode(request.filter(HttpData.class::isInstance).map(HttpData.class::cast)));
            Duration left = left(deadline);
            HttpRequest stream = HttpRequest.of(CallHeaders.within(sent, left).build(), frames);
            return answer(ctx, rpc, upstreams.send(stream, left, () -> isGone(ctx)), form, deadline);
        }
        return HttpResponse.of(message(request, held.share(ctx), form, rpc)
                .thenApply(frame -> {
                    Duration left = left(deadline);
                    return answer(
                            ctx,
                            rpc,
                            upstreams.send(CallHeaders.within(sent, left), frame, left, () -> isGone(ctx)),
                            form,
                            deadline);
                })
                .exceptionally(e -> failed(ctx, form, Exceptions.peel(e))));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }

    /// Longest stream of a client's; the same as the body that holds it over HTTP.
    private long streamBytesMax(Rpc rpc) {
        Upload upload = rpc.upload();
        return upload == null
                ? config.streamBytesMax()
                : upload.getMany() ? config.batchUploadBytesMax() : config.uploadBytesMax();
    }

    /// The one message of a request, with its prefix. Nothing is sent before it is there: a call that does not come to
    /// its end says nothing of the service.
    private CompletableFuture<HttpData> message(HttpRequest request, HeldBytes.Share share, WireForm form, Rpc rpc) {
        int bytesMax = upstreams.bytesMax(rpc);
        long frameMax = (long) bytesMax + PREFIX;
        return CollectedBody.of(request, form.bytesMax(frameMax), () -> EdgeFailures.contentTooLarge(bytesMax), share)
                .thenApply(body -> {
                    byte[] frame = decoded(form, body);
                    if (frame.length > frameMax) {
                        throw EdgeFailures.contentTooLarge(bytesMax).exception();
                    }
                    if (frame.length < PREFIX || ByteBuffer.wrap(frame).getInt(1) != frame.length - PREFIX) {
                        throw EdgeFailures.malformed("MALFORMED_REQUEST", "the body is not one message of gRPC")
                                .exception();
                    }
                    return HttpData.wrap(frame);
                });
    }

    private static byte[] decoded(WireForm form, byte[] body) {
        try {
            return form.decode(body);
        } catch (IllegalArgumentException _) {
            throw WireForm.noBase64().exception();
        }
    }

    /// The client's connection is lost.
    private static boolean isGone(ServiceRequestContext ctx) {
        Channel channel = ctx.log().partial().channel();
        return channel == null || !channel.isActive();
    }

    private static HttpResponse answer(
            ServiceRequestContext ctx, Rpc rpc, HttpResponse upstream, WireForm form, long deadline) {
        return HttpResponse.of(upstream.<HttpObject>map(object -> switch (object) {
                    case ResponseHeaders headers -> {
                        if (!headers.status().isInformational() && !UpstreamStatus.isOfGrpc(headers)) {
                            throw EdgeFailures.upstreamDown().exception();
                        }
                        yield form.headers(ServiceWords.of(rpc, headers, told(ctx, rpc, headers)));
                    }
                    case HttpHeaders trailers -> {
                        yield form.trailers(ServiceWords.of(rpc, trailers, told(ctx, rpc, trailers)));
                    }
                    case HttpData data -> form.data(data);
                    default -> object;
                }))
                .recover(cause -> {
                    Failure failure = broken(ctx, cause, System.nanoTime() - deadline >= 0);
                    RequestLabels.failure(ctx, failure);
                    return GrpcAnswers.failed(failure, form.contentType());
                });
    }

    /// The failure that headers or trailers tell of; null for none.
    private static @Nullable Failure told(ServiceRequestContext ctx, Rpc rpc, HttpHeaders end) {
        Failure failure =
                UpstreamStatus.isIn(end) ? UpstreamStatus.read(end, rpc.ways().told()) : null;
        if (failure != null) {
            RequestLabels.failure(ctx, failure);
        }
        return failure;
    }

    private static Failure broken(ServiceRequestContext ctx, Throwable thrown, boolean late) {
        Throwable peeled = Exceptions.peel(thrown);
        Throwable cause = peeled instanceof UnprocessedRequestException && peeled.getCause() != null
                ? Exceptions.peel(peeled.getCause())
                : peeled;
        return switch (cause) {
            case FailureException known -> known.failure();
            case ClosedStreamException closed
            when closed.getCause() instanceof FailureException known -> known.failure();
            default -> {
                if (!Upstreams.isLeftOut(peeled)) {
                    LoggedRequest.run(RequestLabels.id(ctx), () -> LOG.warn("call broke off: {}", cause.toString()));
                }
                yield late ? EdgeFailures.deadlineExceeded() : EdgeFailures.upstreamDown();
            }
        };
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
