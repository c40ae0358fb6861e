package bank.edge.transcode;

import bank.edge.http.HeldBytes;
import bank.edge.json.MessageInput;
import bank.edge.json.MessageInput.Origin;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.HttpRule;
import bank.edge.upstream.UnaryCall;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// JSON in, JSON out. Works on the threads of the connections, where nothing may wait.
final class UnaryTranscoder implements Transcoder {
    // Longest body or message that is worked on the thread of a connection, which other connections share.
    private static final int SHORT_BYTES_MAX = HeldBytes.SHORT_BYTES_MAX;

    private final long bytesMax;
    private final Executor threads;

    /// @param bytesMax longest body
    /// @param threads for what takes long
    UnaryTranscoder(long bytesMax, Executor threads) {
        this.bytesMax = bytesMax;
        this.threads = threads;
    }

    @Override
    public void answer(Exchange exchange, Exchange.Target target) {
        CompletableFuture<byte[]> body = target.route().rule().body().isEmpty()
                ? exchange.body(0, () -> EdgeFailures.malformed("BODY_UNEXPECTED", "this operation takes no body"))
                : body(exchange, target);
        CompletableFuture<UnaryCall.Answer> _ = body.thenCompose(json -> call(exchange, target, json))
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        exchange.fail(failure);
                    } else if (answer.message().length <= SHORT_BYTES_MAX) {
                        respond(exchange, target, answer);
                    } else {
                        threads.execute(() -> respond(exchange, target, answer));
                    }
                });
    }

    private CompletableFuture<byte[]> body(Exchange exchange, Exchange.Target target) {
        long limit = Math.min(bytesMax, target.call().upstreams().bytesMax(target.rpc()));
        return exchange.body(limit, () -> EdgeFailures.contentTooLarge(limit));
    }

    private CompletableFuture<UnaryCall.Answer> call(Exchange exchange, Exchange.Target target, byte[] json) {
        return json.length <= SHORT_BYTES_MAX
                ? exchange.call(target, request(exchange, target, json))
                : CompletableFuture.supplyAsync(() -> request(exchange, target, json), threads)
                        .thenCompose(message -> exchange.call(target, message));
    }

    private static void respond(Exchange exchange, Exchange.Target target, UnaryCall.Answer answer) {
        try {
            exchange.respond(HttpAnswers.json(exchange, target, answer.headers(), answer.message()));
        } catch (Throwable e) {
            exchange.fail(e);
        }
    }

    private static byte[] request(Exchange exchange, Exchange.Target target, byte[] json) {
        HttpRule rule = target.route().rule();
        MessageInput input = rule.rpc().codec().input(rule.rpc().input());
        if (!rule.body().isEmpty()) {
            ContentDigest.require(ContentDigest.header(exchange.headers()), json);
            if (json.length > 0) {
                MediaTypes.requireJson(exchange.headers());
                input.json(json, rule.body().equals("*") ? "" : rule.body());
            }
        }
        target.query().forEach((name, values) -> input.text(name, values, Origin.QUERY));
        target.route().variables().forEach((name, value) -> input.text(name, List.of(value), Origin.PATH));
        if (rule.httpMethod().equals("PATCH")) {
            input.deriveUpdateMask(rule.body().equals("*") ? "" : rule.body());
        }
        return input.wire();
    }
}
