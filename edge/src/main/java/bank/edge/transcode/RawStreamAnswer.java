package bank.edge.transcode;

import bank.platform.grpc.Headers;
import com.google.api.HttpBody;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.io.IOException;

/// A stream of `HttpBody`: its bytes as they come, the media type from the first. What breaks after the headers are out
/// breaks the answer off, so that no client takes half a file for the whole.
record RawStreamAnswer(Exchange exchange, Exchange.Target target) implements Answers {
    @Override
    public void give(Conversation call) throws IOException {
        byte[] message = call.receive();
        HttpBody first = message == null ? HttpBody.getDefaultInstance() : body(message);
        ResponseHeadersBuilder headers = HttpAnswers.headers(target.rpc(), call.headers(), first);
        if (HttpAnswers.isNotModified(exchange.headers(), headers)) {
            exchange.respond(HttpAnswers.notModified(headers));
            return;
        }
        boolean empty = headers.status().isContentAlwaysEmpty();
        String length = call.headers().get(Headers.HTTP_PREFIX + HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && target.rpc().ways().told() && !empty) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
        }
        if (exchange.headers().method() == HttpMethod.HEAD || empty) {
            exchange.respond(HttpResponse.of(headers.build()));
            return;
        }
        stream(first, call, new ClientStream(exchange, headers.build()));
    }

    private void stream(HttpBody first, Conversation call, ClientStream out) {
        try {
            HttpBody piece = first;
            while (out.send(piece.getData().toByteArray())) {
                byte[] message = call.receive();
                if (message == null) {
                    out.end();
                    return;
                }
                piece = body(message);
            }
        } catch (RuntimeException | IOException e) {
            exchange.failure(e);
            out.breakOff(e);
        }
    }

    private HttpBody body(byte[] message) throws IOException {
        return HttpBodies.read(target.route().rule(), message);
    }
}
