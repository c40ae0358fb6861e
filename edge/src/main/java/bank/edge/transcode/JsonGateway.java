package bank.edge.transcode;

import bank.edge.EdgeConfig;
import bank.edge.RequestLabels;
import bank.edge.auth.TokenGate;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.HttpRule;
import bank.edge.route.PathEncodingException;
import bank.edge.route.RouteMatch;
import bank.edge.route.Routes;
import bank.edge.route.Rpc;
import bank.edge.upstream.Upstreams;
import bank.platform.telemetry.LoggedRequest;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Answers the HTTP interface: finds the route, checks the token, and lets the transcoder of the rpc's shape answer.
/// JSON in and JSON out is worked on the thread of the connection when the token is known already; everything else
/// may wait, and so has a virtual thread of its own.
public final class JsonGateway implements HttpService, AutoCloseable {
    /// Longest body that is held before it is known who sends it.
    private static final int SHORT_BODY_BYTES_MAX = 8 * 1024;

    private final Routes routes;
    private final TokenGate gate;
    private final TimeLimits limits;
    private final Upstreams upstreams;
    private final Transcoder unary;
    private final Transcoder upload;
    private final Transcoder streams;
    private final Transcoder raw = new RawTranscoder();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("exchange-", 0).factory());

    public JsonGateway(EdgeConfig config, Routes routes, TokenGate gate, Upstreams upstreams) {
        this.routes = routes;
        this.gate = gate;
        this.limits = new TimeLimits(config);
        this.upstreams = upstreams;
        this.unary = new UnaryTranscoder(config.jsonBytesMax(), threads);
        this.upload = new UploadTranscoder(config);
        this.streams = new StreamTranscoder(config);
    }

    /// The gateway can answer this rpc over HTTP. All it cannot is an upload whose option does not fit its messages.
    public static boolean supports(Rpc rpc) {
        return rpc.upload() == null || rpc.method().isClientStreaming() || UnaryFiles.fits(rpc.input(), rpc.upload());
    }

    /// An answer in JSON is written at once, with its headers; a short body is awaited before it is looked at.
    @Override
    public ExchangeType exchangeType(RoutingContext ctx) {
        try {
            String target = ctx.headers().path();
            int mark = target.indexOf('?');
            boolean whole = routes.find(ctx.method().name(), mark < 0 ? target : target.substring(0, mark))
                            instanceof RouteMatch.Found found
                    && transcoder(found.rule()) == unary;
            long length = ctx.headers().contentLength();
            return ExchangeType.of(!whole || length < 0 || length > SHORT_BODY_BYTES_MAX, !whole);
        } catch (PathEncodingException _) {
            return ExchangeType.BIDI_STREAMING;
        }
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
        try {
            RouteMatch.Found found = find(exchange);
            Rpc rpc = found.rule().rpc();
            RequestLabels.route(ctx, found.rule().template().text(), rpc);
            Duration timeout = limits.of(rpc, exchange.headers().get("x-request-timeout"));
            ctx.setRequestTimeout(timeout.plus(TimeLimits.GRACE));
            TokenGate.Admitted known =
                    transcoder(found.rule()) == unary ? gate.admitKnown(ctx, rpc, exchange.headers()) : null;
            if (known != null) {
                answer(exchange, found, timeout, known);
            } else {
                threads.execute(LoggedRequest.of(caller.requestId(), () -> {
                    try {
                        answer(exchange, found, timeout, gate.admit(ctx, rpc, exchange.headers()));
                    } catch (Throwable e) {
                        exchange.fail(e);
                    }
                }));
            }
        } catch (RuntimeException | IOException e) {
            exchange.fail(e);
        }
        return exchange.response();
    }

    private RouteMatch.Found find(Exchange exchange) {
        return switch (routes.find(
                exchange.headers().method().name(), exchange.caller().path())) {
            case RouteMatch.Found match -> match;
            case RouteMatch.WrongMethod(var allowed) ->
                throw EdgeFailures.methodNotAllowed(allowed).exception();
            case RouteMatch.Unknown() -> throw EdgeFailures.unknownRoute().exception();
        };
    }

    private void answer(Exchange exchange, RouteMatch.Found found, Duration timeout, TokenGate.Admitted admitted)
            throws IOException {
        var caller = exchange.caller();
        Rpc rpc = found.rule().rpc();
        var headers = CallHeaders.of(
                        rpc,
                        upstreams.headers(rpc),
                        exchange.headers(),
                        admitted.authorization(),
                        caller.requestId(),
                        caller.address(),
                        timeout)
                .build();
        var call = new Exchange.Call(upstreams, rpc.service(), headers, timeout);
        var transcoder = transcoder(found.rule());
        if (transcoder == unary || transcoder == upload) {
            Accept.requireJson(exchange.headers());
        }
        transcoder.answer(exchange, new Exchange.Target(found, Query.parse(caller.query()), call));
    }

    private Transcoder transcoder(HttpRule rule) {
        Rpc rpc = rule.rpc();
        if (rpc.raw()) {
            return raw;
        }
        if (rpc.upload() != null) {
            return rpc.method().isClientStreaming() ? upload : streams;
        }
        return rpc.streaming() || HttpBodies.isRequest(rule) || HttpBodies.isAnswer(rule) ? streams : unary;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
