package bank.edge.transcode;

import bank.edge.EdgeConfig;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.HttpRule;
import com.linecorp.armeria.common.MediaType;
import java.io.IOException;
import java.util.List;

/// Every shape of rpc beside JSON in, JSON out: what comes in is put together with what goes out, each a single message
/// or a stream, of JSON or of raw bytes.
final class StreamTranscoder implements Transcoder {
    private final EdgeConfig config;
    private final RequestForms requests;

    StreamTranscoder(EdgeConfig config) {
        this.config = config;
        this.requests = new RequestForms(config);
    }

    @Override
    public void answer(Exchange exchange, Exchange.Target target) throws IOException {
        Answers answers = answers(exchange, target);
        Requests messages = requests.read(exchange, target);
        boolean streamed = target.rpc().method().isClientStreaming()
                && !target.route().rule().body().isEmpty();
        try (var call = Conversation.begin(exchange, exchange.open(target), messages, streamed)) {
            answers.give(call);
        }
    }

    private Answers answers(Exchange exchange, Exchange.Target target) {
        HttpRule rule = target.route().rule();
        boolean streamed = rule.rpc().method().isServerStreaming();
        if (HttpBodies.isAnswer(rule)) {
            return streamed ? new RawStreamAnswer(exchange, target) : new OneAnswer(exchange, target);
        }
        if (streamed) {
            return new JsonStreamAnswer(exchange, target, config);
        }
        if (new Accept(exchange.headers()).best(List.of(MediaType.JSON)).isEmpty()) {
            throw EdgeFailures.notAcceptable(MediaType.JSON.toString()).exception();
        }
        return new OneAnswer(exchange, target);
    }
}
