package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import bank.v1.HttpHeader;
import bank.v1.RawHttpRequest;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import java.io.IOException;
import java.util.List;

/// The HTTP request as it is, for rpcs that speak a protocol of their own.
final class RawTranscoder implements Transcoder {
    private static final int BYTES_MAX = 64 * 1024;

    /// Pages have a style sheet of their own and nothing else. Where their forms may lead to they say themselves.
    private static final String PAGE_POLICY =
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final List<String> PASSED =
            List.of("authorization", "content-type", "accept", "cookie", "dpop", "origin", "sec-fetch-site");

    @Override
    public void answer(Exchange exchange, Exchange.Target target) throws IOException {
        RawHttpRequest request = request(exchange);
        try (var call = exchange.open(target)) {
            call.send(request.toByteArray());
            call.halfClose();
            byte[] message = call.receive();
            if (message == null || call.receive() != null) {
                throw EdgeFailures.internal().exception();
            }
            HttpBody body = HttpBody.parseFrom(message);
            HttpResponse answer = HttpAnswers.raw(target.rpc(), call.headers(), body);
            exchange.respond(
                    body.getContentType().startsWith("text/html")
                            ? answer.mapHeaders(headers -> headers.toBuilder()
                                    .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, PAGE_POLICY)
                                    .build())
                            : answer);
        }
    }

    private static RawHttpRequest request(Exchange exchange) throws IOException {
        var caller = exchange.caller();
        // HEAD is answered as GET, without the body.
        String method = exchange.headers().method().name();
        var request = RawHttpRequest.newBuilder()
                .setMethod(method.equals("HEAD") ? "GET" : method)
                .setPath(caller.path())
                .setQuery(caller.query() == null ? "" : caller.query())
                .setRemoteAddress(caller.address());
        for (String name : PASSED) {
            for (String value : exchange.headers().getAll(name)) {
                request.addHeaders(HttpHeader.newBuilder().setName(name).setValue(value));
            }
        }
        return request.setBody(ByteString.readFrom(new RequestBody(exchange.wholeRequest(), BYTES_MAX)))
                .build();
    }
}
