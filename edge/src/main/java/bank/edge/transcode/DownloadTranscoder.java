package bank.edge.transcode;

import bank.edge.json.MessageInput;
import bank.edge.json.MessageInput.Origin;
import bank.edge.upstream.UpstreamCall;
import bank.platform.grpc.Headers;
import com.google.api.HttpBody;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;

/// A stream of `HttpBody` out: its pieces as they come, at the client's pace. What breaks after the headers are out
/// breaks the answer off, so that no client takes half a file for the whole.
final class DownloadTranscoder implements Transcoder {
    @Override
    public void answer(Exchange exchange, Exchange.Target target) throws IOException {
        RequestBody.requireNone(exchange.request());
        byte[] request = request(target);
        try (var call = exchange.open(target)) {
            call.send(request);
            call.halfClose();
            byte[] message = call.receive();
            HttpBody first = message == null ? HttpBody.getDefaultInstance() : HttpBody.parseFrom(message);
            ResponseHeadersBuilder headers = HttpAnswers.headers(target.rpc(), call.headers(), first);
            String length = call.headers().get(Headers.HTTP_PREFIX + HttpHeaderNames.CONTENT_LENGTH);
            if (HttpAnswers.isNotModified(exchange.headers(), headers)) {
                exchange.respond(HttpAnswers.notModified(headers));
                return;
            }
            if (length != null && !headers.status().isContentAlwaysEmpty()) {
                headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
            }
            if (exchange.headers().method() == HttpMethod.HEAD
                    || headers.status().isContentAlwaysEmpty()) {
                exchange.respond(HttpResponse.of(headers.build()));
                return;
            }
            HttpResponseWriter out = HttpResponse.streaming();
            out.write(headers.build());
            exchange.respond(out);
            stream(first, call, out);
        }
    }

    private static void stream(HttpBody first, UpstreamCall call, HttpResponseWriter out) throws IOException {
        try {
            HttpBody piece = first;
            while (out.tryWrite(HttpData.wrap(piece.getData().toByteArray()))) {
                out.whenConsumed().join();
                byte[] message = call.receive();
                if (message == null) {
                    out.close();
                    return;
                }
                piece = HttpBody.parseFrom(message);
            }
        } catch (CompletionException _) {
            call.cancel();
        } catch (RuntimeException | IOException e) {
            out.close(e);
        }
    }

    private static byte[] request(Exchange.Target target) {
        MessageInput input = target.rpc().codec().input(target.rpc().input());
        target.query().forEach((name, values) -> input.text(name, values, Origin.QUERY));
        target.route().variables().forEach((name, value) -> input.text(name, List.of(value), Origin.PATH));
        return input.wire();
    }
}
