package bank.edge.transcode;

import bank.edge.AnswerHeaders;
import bank.edge.EdgeConfig;
import bank.edge.RequestLabels;
import bank.edge.auth.TokenGate;
import bank.edge.http.HeldBytes;
import bank.edge.http.Vary;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.HttpRule;
import bank.edge.route.PathEncodingException;
import bank.edge.route.RouteMatch;
import bank.edge.route.Routes;
import bank.edge.route.Rpc;
import bank.edge.upstream.Upstreams;
import bank.platform.telemetry.LoggedRequest;
import bank.v1.Upload;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Answers the HTTP interface: finds the route, checks the token, and lets the transcoder of the rpc's shape answer.
/// JSON in and JSON out is worked on the thread of the connection when the token is known already; everything else
/// may wait, and so has a virtual thread of its own.
public final class JsonGateway implements HttpService, AutoCloseable {
    /// Methods that the server lets through to its services, and the kind that stands for all of them.
    private static final Set<String> KINDS = Stream.concat(
                    Stream.of("*"),
                    HttpMethod.knownMethods().stream()
                            .filter(method -> method != HttpMethod.CONNECT)
                            .map(HttpMethod::name)
                            .sorted())
            .collect(Collectors.toCollection(LinkedHashSet::new));

    private static final AsciiString TIMEOUT = AsciiString.cached("x-request-timeout");

    private final Routes routes;
    private final TokenGate gate;
    private final TimeLimits limits;
    private final Upstreams upstreams;
    private final HeldBytes held;
    private final boolean compressed;
    private final Transcoder unary;
    private final Transcoder upload;
    private final Transcoder streams;
    private final Transcoder raw = new RawTranscoder();
    private final FastThreadLocal<Routed> routed = new FastThreadLocal<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("exchange-", 0).factory());

    /// What the last request of a thread was routed to, until it is served.
    private record Routed(RoutingContext request, RouteMatch match) {}

    public JsonGateway(EdgeConfig config, Routes routes, TokenGate gate, Upstreams upstreams, HeldBytes held) {
        this.routes = routes;
        this.gate = gate;
        this.limits = new TimeLimits(config);
        this.upstreams = upstreams;
        this.held = held;
        this.compressed = config.compression().enabled();
        this.unary = new UnaryTranscoder(config.jsonBytesMax(), threads);
        this.upload = new UploadTranscoder(config);
        this.streams = new StreamTranscoder(config);
    }

    /// Refuses what the gateway cannot answer over HTTP: a kind of request that never reaches it, an upload whose
    /// option does not fit its rpc.
    ///
    /// @throws IllegalArgumentException naming the rpc, and what is wrong with it
    public static void requireSupported(HttpRule rule) {
        if (!KINDS.contains(rule.httpMethod())) {
            throw new IllegalArgumentException(
                    rule + ": the edge receives no requests of this kind, only of " + String.join(", ", KINDS));
        }
        Upload upload = rule.rpc().upload();
        String fault = upload == null ? null : UploadOption.fault(rule, upload);
        if (fault != null) {
            throw new IllegalArgumentException(rule + ": (bank.v1.upload) does not fit: " + fault);
        }
    }

    /// An answer in JSON is written at once, with its headers. Bodies are always taken as they come: what was gathered
    /// before the call looks the same whether the client sent all of it or went away.
    @Override
    public ExchangeType exchangeType(RoutingContext ctx) {
        try {
            RouteMatch match = route(ctx);
            routed.set(new Routed(ctx, match));
            return ExchangeType.of(true, !(match instanceof RouteMatch.Found found && whole(found)));
        } catch (PathEncodingException _) {
            return ExchangeType.BIDI_STREAMING;
        }
    }

    /// The answer comes in one piece, whatever the client accepts.
    private boolean whole(RouteMatch.Found found) {
        return found.alternatives().isEmpty() && transcoder(found.rule()) == unary;
    }

    /// Routes by the path as the client sent it: Armeria's own has lost what it takes for parameters.
    private RouteMatch route(RoutingContext ctx) {
        return routes.find(
                ctx.method().name(),
                path(Objects.requireNonNull(ctx.requestTarget().rawPath())));
    }

    private static String path(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /// A route leads on from here, or the path is no path.
    public boolean serves(ServiceRequestContext ctx) {
        try {
            return route(ctx.routingContext()) instanceof RouteMatch.Found;
        } catch (PathEncodingException _) {
            return true;
        }
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        long begun = System.nanoTime();
        String target = ctx.rawPath();
        int mark = target.indexOf('?');
        var caller = new Exchange.Caller(
                RequestLabels.address(ctx).getHostAddress(),
                RequestLabels.id(ctx),
                path(target),
                mark < 0 ? null : target.substring(mark + 1));
        var exchange = new Exchange(
                request,
                caller,
                held.share(ctx),
                failure -> RequestLabels.failure(ctx, failure),
                headers -> complete(ctx, headers));
        boolean varies = false;
        try {
            RouteMatch.Found usual = found(match(ctx.routingContext()));
            varies = !usual.alternatives().isEmpty() || StreamForm.isChosen(usual.rule());
            Map<String, List<String>> parameters = Query.parse(caller.query());
            RouteMatch.Found found = Alternatives.choose(usual, exchange.headers(), parameters);
            Rpc rpc = found.rule().rpc();
            Map<String, List<String>> query = Resumptions.query(rpc, exchange.headers(), parameters);
            RequestLabels.route(ctx, found.rule().template().text(), rpc);
            Duration timeout = limits.of(rpc, exchange.headers().get(TIMEOUT));
            ctx.setRequestTimeout(timeout.plus(TimeLimits.GRACE));
            long deadline = begun + timeout.toNanos();
            TokenGate.Admitted known =
                    transcoder(found.rule()) == unary ? gate.admitKnown(ctx, rpc, exchange.headers()) : null;
            if (known != null) {
                answer(exchange, found, query, deadline, known);
            } else {
                threads.execute(LoggedRequest.of(caller.requestId(), () -> {
                    try {
                        answer(exchange, found, query, deadline, gate.admit(ctx, rpc, exchange.headers()));
                    } catch (Throwable e) {
                        exchange.fail(e);
                    }
                }));
            }
        } catch (RuntimeException | IOException e) {
            exchange.fail(e);
        }
        return varies ? exchange.response().mapHeaders(headers -> Vary.by(headers, "Accept")) : exchange.response();
    }

    private void complete(ServiceRequestContext ctx, ResponseHeadersBuilder headers) {
        AnswerHeaders.addTo(ctx, headers);
        if (compressed) {
            headers.add(HttpHeaderNames.VARY, "Accept-Encoding");
        }
    }

    private RouteMatch match(RoutingContext ctx) {
        Routed last = routed.get();
        routed.remove();
        return last != null && last.request() == ctx ? last.match() : route(ctx);
    }

    private static RouteMatch.Found found(RouteMatch match) {
        return switch (match) {
            case RouteMatch.Found found -> found;
            case RouteMatch.WrongMethod(var allowed) ->
                throw EdgeFailures.methodNotAllowed(allowed).exception();
            case RouteMatch.Unknown() -> throw EdgeFailures.unknownRoute().exception();
        };
    }

    private void answer(
            Exchange exchange,
            RouteMatch.Found found,
            Map<String, List<String>> query,
            long deadline,
            TokenGate.Admitted admitted)
            throws IOException {
        var caller = exchange.caller();
        Rpc rpc = found.rule().rpc();
        var headers = CallHeaders.of(
                rpc,
                upstreams.headers(rpc),
                exchange.headers(),
                admitted,
                caller.requestId(),
                caller.address(),
                upstreams.metadataBytesMax());
        var call = new Exchange.Call(upstreams, headers, deadline);
        var transcoder = transcoder(found.rule());
        boolean negotiated = !found.alternatives().isEmpty();
        if (!negotiated && (transcoder == unary || transcoder == upload)) {
            Accept.requireJson(exchange.headers());
        }
        transcoder.answer(exchange, new Exchange.Target(found, query, call));
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
