package bank.edge;

import bank.edge.upstream.PulledStream;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A client that reads an answer while it sends its request, over HTTP/1.1 and HTTP/2.
final class StreamClient implements AutoCloseable {
    static final String LINES = "application/x-ndjson";

    // Streams that are not read leave room for others of the connection.
    private final ClientFactory factory = ClientFactory.builder()
            .useHttp2Preface(true)
            .http2InitialStreamWindowSize(1 << 20)
            .http2InitialConnectionWindowSize(64 << 20)
            .build();
    private final TestBank bank;
    private final WebClient web;

    StreamClient(TestBank bank, SessionProtocol protocol) {
        this.bank = bank;
        web = WebClient.builder(protocol.uriText() + "://127.0.0.1:" + bank.edge.port())
                .factory(factory)
                .maxResponseLength(0)
                .responseTimeout(Duration.ofSeconds(60))
                .build();
    }

    /// Headers of a request by a signed-in client.
    RequestHeadersBuilder headers(HttpMethod method, String path) {
        return RequestHeaders.builder(method, path)
                .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + bank.tokens.client());
    }

    AggregatedHttpResponse get(String path, String accept) {
        return send(headers(HttpMethod.GET, path).set(HttpHeaderNames.ACCEPT, accept), "");
    }

    AggregatedHttpResponse post(String path, String contentType, String body) {
        return send(headers(HttpMethod.POST, path).set(HttpHeaderNames.CONTENT_TYPE, contentType), body);
    }

    AggregatedHttpResponse send(RequestHeadersBuilder headers, String body) {
        return web.execute(HttpRequest.of(headers.build(), HttpData.ofUtf8(body)))
                .aggregate()
                .join();
    }

    /// Begins a request whose body is still to be written.
    Open open(RequestHeadersBuilder headers) {
        HttpRequestWriter out = HttpRequest.streaming(headers.build());
        return new Open(out, web.execute(out));
    }

    /// Begins a request without a body.
    Open opened(RequestHeadersBuilder headers) {
        Open open = open(headers);
        open.out.close();
        return open;
    }

    @Override
    public void close() {
        factory.close();
    }

    /// A request under way.
    static final class Open {
        private final HttpRequestWriter out;
        private final HttpResponse response;
        private final PulledStream<HttpObject> in;
        private final StringBuilder text = new StringBuilder();

        private Open(HttpRequestWriter out, HttpResponse response) {
            this.out = out;
            this.response = response;
            this.in = new PulledStream<>(response);
        }

        /// Writes a piece of the body; false when none is taken any more.
        boolean write(String piece) {
            return out.tryWrite(HttpData.ofUtf8(piece));
        }

        /// Writes a piece and waits until it is on its way; false when none is taken any more.
        boolean push(byte[] piece) {
            return out.tryWrite(HttpData.wrap(piece))
                    && out.whenConsumed().handle((_, gone) -> gone == null).join();
        }

        void endBody() {
            out.close();
        }

        /// Goes away.
        void leave() {
            out.abort();
            response.abort();
        }

        ResponseHeaders head() {
            HttpObject first = next();
            if (first instanceof ResponseHeaders headers) {
                return headers;
            }
            throw new AssertionError("no headers but " + first);
        }

        /// Reads up to an end of a line, or up to the end of the answer.
        String line() {
            return until("\n");
        }

        String until(String end) {
            while (text.indexOf(end) < 0) {
                HttpObject next = next();
                if (next == null) {
                    return take(text.length());
                }
                if (next instanceof HttpData data) {
                    text.append(data.toString(StandardCharsets.UTF_8));
                }
            }
            return take(text.indexOf(end) + end.length());
        }

        private String take(int length) {
            String taken = text.substring(0, length);
            text.delete(0, length);
            return taken;
        }

        private @Nullable HttpObject next() {
            try {
                return in.next();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
