package bank.edge.transcode;

import bank.edge.EdgeConfig;
import bank.edge.RequestLabels;
import bank.edge.auth.TokenGate;
import bank.edge.http.Accept;
import bank.edge.json.JsonCodec;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.RouteMatch;
import bank.edge.route.Routes;
import bank.edge.route.Rpc;
import bank.edge.upstream.Upstreams;
import com.google.api.HttpBody;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Answers the HTTP interface: finds the route, checks the token, and lets the transcoder of the rpc's shape answer.
public final class JsonGateway implements HttpService, AutoCloseable {
    private final Routes routes;
    private final TokenGate gate;
    private final TimeLimits limits;
    private final Upstreams upstreams;
    private final Transcoder unary;
    private final Transcoder upload;
    private final Transcoder download;
    private final Transcoder raw;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("exchange-", 0).factory());

    public JsonGateway(EdgeConfig config, Routes routes, TokenGate gate, Upstreams upstreams, JsonCodec codec) {
        var answers = new HttpAnswers(codec);
        this.routes = routes;
        this.gate = gate;
        this.limits = new TimeLimits(config);
        this.upstreams = upstreams;
        this.unary = new UnaryTranscoder(codec, answers, config.jsonBytesMax());
        this.upload = new UploadTranscoder(codec, answers, config);
        this.download = new DownloadTranscoder(codec);
        this.raw = new RawTranscoder(answers);
    }

    /// The gateway can answer this rpc over HTTP.
    public static boolean supports(Rpc rpc) {
        return !rpc.streaming() || rpc.upload() != null || isDownload(rpc);
    }

    private static boolean isDownload(Rpc rpc) {
        return rpc.method().isServerStreaming()
                && !rpc.method().isClientStreaming()
                && rpc.output().getFullName().equals(HttpBody.getDescriptor().getFullName());
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        String target = ctx.rawPath();
        int mark = target.indexOf('?');
        var caller = new Exchange.Caller(
                RequestLabels.address(ctx).getHostAddress(),
                RequestLabels.id(ctx),
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? null : target.substring(mark + 1));
        var exchange = new Exchange(request, caller, failure -> RequestLabels.failure(ctx, failure));
        threads.execute(() -> {
            try {
                answer(ctx, exchange);
            } catch (Throwable e) {
                exchange.fail(e);
            }
        });
        return exchange.response();
    }

    private void answer(ServiceRequestContext ctx, Exchange exchange) throws Exception {
        var caller = exchange.caller();
        var found = switch (routes.find(exchange.headers().method().name(), caller.path())) {
            case RouteMatch.Found match -> match;
            case RouteMatch.WrongMethod(var allowed) ->
                throw EdgeFailures.methodNotAllowed(allowed).exception();
            case RouteMatch.Unknown() -> throw EdgeFailures.unknownRoute().exception();
        };
        Rpc rpc = found.rule().rpc();
        RequestLabels.route(ctx, found.rule().template().text(), rpc);
        var timeout = limits.of(rpc, exchange.headers().get("x-request-timeout"));
        ctx.setRequestTimeout(timeout.plus(TimeLimits.GRACE));
        String authorization = gate.admit(ctx, rpc, exchange.headers());
        var headers = CallHeaders.of(
                        rpc, exchange.headers(), authorization, caller.requestId(), caller.address(), timeout)
                .build();
        var target = new Exchange.Target(
                found, Query.parse(caller.query()), () -> upstreams.call(rpc.service(), headers, timeout));
        var transcoder = transcoder(rpc);
        if (transcoder == unary || transcoder == upload) {
            Accept.requireJson(exchange.headers());
        }
        transcoder.answer(exchange, target);
    }

    private Transcoder transcoder(Rpc rpc) {
        return rpc.raw() ? raw : rpc.upload() != null ? upload : isDownload(rpc) ? download : unary;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
