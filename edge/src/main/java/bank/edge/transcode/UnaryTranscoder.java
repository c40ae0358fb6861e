package bank.edge.transcode;

import bank.edge.json.MessageInput;
import bank.edge.json.MessageInput.Origin;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.HttpRule;
import java.io.IOException;
import java.util.List;

/// JSON in, JSON out.
final class UnaryTranscoder implements Transcoder {
    private final long bytesMax;

    /// @param bytesMax longest body
    UnaryTranscoder(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public void answer(Exchange exchange, Exchange.Target target) throws IOException {
        byte[] request = request(exchange, target);
        try (var call = exchange.open(target)) {
            call.send(request);
            call.halfClose();
            byte[] message = call.receive();
            if (message == null || call.receive() != null) {
                throw EdgeFailures.internal().exception();
            }
            exchange.respond(HttpAnswers.json(exchange.headers(), target, call.headers(), message));
        }
    }

    private byte[] request(Exchange exchange, Exchange.Target target) throws IOException {
        HttpRule rule = target.route().rule();
        MessageInput input = rule.rpc().codec().input(rule.rpc().input());
        if (rule.body().isEmpty()) {
            RequestBody.requireNone(exchange.request());
        } else {
            var digest = new ContentDigest(ContentDigest.header(exchange.headers()));
            byte[] json =
                    digest.watch(new RequestBody(exchange.request(), bytesMax)).readAllBytes();
            digest.require();
            if (json.length > 0) {
                MediaTypes.requireJson(exchange.headers());
                input.json(json, rule.body().equals("*") ? "" : rule.body());
            }
        }
        target.query().forEach((name, values) -> input.text(name, values, Origin.QUERY));
        target.route().variables().forEach((name, value) -> input.text(name, List.of(value), Origin.PATH));
        if (rule.httpMethod().equals("PATCH")) {
            input.deriveUpdateMask();
        }
        return input.wire();
    }
}
