package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import com.google.api.HttpBody;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.io.IOException;

/// A single message, as JSON or as the bytes it has.
record OneAnswer(Exchange exchange, Exchange.Target target) implements Answers {
    @Override
    public void give(Conversation call) throws IOException {
        byte[] message = call.receive();
        if (message == null || call.receive() != null) {
            throw EdgeFailures.internal().exception();
        }
        exchange.respond(
                HttpBodies.isAnswer(target.route().rule())
                        ? raw(call, message)
                        : HttpAnswers.json(exchange, target, call.headers(), message));
    }

    private HttpResponse raw(Conversation call, byte[] message) throws IOException {
        HttpBody body = HttpBodies.read(target.route().rule(), message);
        ResponseHeadersBuilder headers = HttpAnswers.headers(target.rpc(), call.headers(), body);
        return HttpAnswers.isNotModified(exchange.headers(), headers)
                ? HttpAnswers.notModified(headers)
                : HttpAnswers.raw(target.rpc(), call.headers(), body);
    }
}
