package bank.edge.transcode;

import bank.edge.EdgeConfig;
import bank.edge.problem.EdgeFailures;
import bank.edge.problem.Problems;
import bank.edge.route.HttpRule;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;

/// A stream of messages as JSON, in the form that `Accept` asks for. The answer begins with the first message, so that
/// a call that fails before is an ordinary error; what fails later is the last element. Messages go out as they come,
/// together only where several are there at once.
final class JsonStreamAnswer implements Answers {
    private static final int PIECE_BYTES = 32 * 1024;

    /// A client may wait for headers before it sends what the first message answers.
    private static final Duration DUPLEX_HEAD_WAIT = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final HttpRule rule;
    private final MediaType type;
    private final StreamForm form;
    private final EdgeConfig config;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private boolean first = true;

    /// @throws bank.platform.failure.FailureException reason NOT_ACCEPTABLE when the client takes no form there is
    JsonStreamAnswer(Exchange exchange, Exchange.Target target, EdgeConfig config) {
        this.exchange = exchange;
        this.rule = target.route().rule();
        this.type = new Accept(exchange.headers())
                .best(StreamForm.OFFERED)
                .orElseThrow(() -> EdgeFailures.notAcceptable(StreamForm.OFFERED.stream()
                                .map(MediaType::toString)
                                .collect(Collectors.joining(", ")))
                        .exception());
        this.form = StreamForm.of(type);
        this.config = config;
    }

    @Override
    public void give(Conversation call) {
        boolean duplex = rule.rpc().method().isClientStreaming();
        Duration heartbeat = config.streamHeartbeat();
        call.arrived(duplex && heartbeat.compareTo(DUPLEX_HEAD_WAIT) > 0 ? DUPLEX_HEAD_WAIT : heartbeat);
        ResponseHeaders headers = HttpAnswers.headers(rule.rpc(), call.headers(), 200)
                .contentType(type)
                // Proxies are not to gather what is meant to arrive at once.
                .set("x-accel-buffering", "no")
                .build();
        if (exchange.headers().method() == HttpMethod.HEAD) {
            exchange.respond(HttpResponse.of(headers));
            return;
        }
        var out = new ClientStream(exchange, headers);
        form.open(piece, config.streamRetry());
        try {
            if (!stream(call, out)) {
                return;
            }
            form.end(piece);
        } catch (RuntimeException | IOException e) {
            var caller = exchange.caller();
            form.failure(piece, Problems.json(exchange.failure(e), caller.path(), caller.requestId()), first);
        }
        if (flush(out)) {
            out.end();
        }
    }

    /// False when the client is gone.
    private boolean stream(Conversation call, ClientStream out) throws IOException {
        while (true) {
            if (!call.arrived(Duration.ZERO) && !flush(out)) {
                return false;
            }
            if (form.beats() && !call.arrived(config.streamHeartbeat())) {
                piece.writeBytes(StreamForm.BEAT);
                continue;
            }
            byte[] message = call.receive();
            if (message == null) {
                return true;
            }
            String id = Resumptions.id(rule.rpc(), message);
            if (!id.isEmpty()) {
                form.name(piece, id);
            }
            form.element(piece, rule.rpc().codec().toJson(rule.rpc().output(), message, rule.responseBody()), first);
            first = false;
            if (piece.size() >= PIECE_BYTES && !flush(out)) {
                return false;
            }
        }
    }

    private boolean flush(ClientStream out) {
        byte[] bytes = piece.toByteArray();
        piece.reset();
        return out.send(bytes);
    }
}
