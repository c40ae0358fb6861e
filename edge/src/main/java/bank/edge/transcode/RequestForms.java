package bank.edge.transcode;

import bank.edge.EdgeConfig;
import bank.edge.json.JsonPosition;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.HttpRule;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The forms a request's body can have: JSON, lines or an array of it, raw bytes, a form with a file.
final class RequestForms {
    private static final String LINES_EXPECTED = "application/x-ndjson, or a JSON array";
    private static final String RAW_EXPECTED = "any media type";
    private static final int CHUNK_BYTES = 128 * 1024;

    /// Names that newline-delimited JSON goes by, the usual one first.
    static final List<String> LINE_SUBTYPES = List.of("x-ndjson", "ndjson", "jsonl", "x-jsonlines", "jsonlines");

    private final EdgeConfig config;
    private final UnaryFiles files;

    RequestForms(EdgeConfig config) {
        this.config = config;
        this.files = new UnaryFiles(config.uploadBytesMax());
    }

    /// Reads what has to be known before the call begins: for a single message all of it.
    ///
    /// @throws FailureException when the request is wrong
    /// @throws IOException when the client goes away or breaks its body off
    Requests read(Exchange exchange, Exchange.Target target) throws IOException {
        HttpRule rule = target.route().rule();
        boolean streamed = rule.rpc().method().isClientStreaming();
        long bytesMax = target.call().upstreams().bytesMax(rule.rpc());
        var fields = new RequestFields(target);
        if (rule.rpc().upload() != null) {
            return files.read(exchange, target);
        }
        if (rule.body().isEmpty()) {
            RequestBody.requireNone(exchange.request());
            return Requests.one(fields.alone());
        }
        if (HttpBodies.isRequest(rule)) {
            return streamed ? chunks(exchange, rule, fields) : whole(exchange, rule, fields, bytesMax);
        }
        return streamed ? elements(exchange, fields) : single(exchange, fields, bytesMax);
    }

    private Requests single(Exchange exchange, RequestFields fields, long bytesMax) throws IOException {
        byte[] json = all(exchange, Math.min(config.jsonBytesMax(), bytesMax));
        if (json.length == 0) {
            return Requests.one(fields.alone());
        }
        MediaTypes.requireJson(exchange.headers());
        return Requests.one(fields.with(json, JsonPosition.START));
    }

    private Requests whole(Exchange exchange, HttpRule rule, RequestFields fields, long bytesMax) throws IOException {
        byte[] alone = fields.beside(HttpBodies.fields(rule));
        String contentType = contentType(exchange.headers());
        byte[] bytes = all(exchange, Math.min(config.uploadBytesMax(), bytesMax));
        return Requests.one(alone, HttpBodies.head(rule, contentType, bytes.length), bytes);
    }

    private static byte[] all(Exchange exchange, long bytesMax) throws IOException {
        var digest = new ContentDigest(ContentDigest.header(exchange.headers()));
        byte[] bytes =
                digest.watch(new RequestBody(exchange.wholeRequest(), bytesMax)).readAllBytes();
        digest.require();
        return bytes;
    }

    /// Raw bytes in chunks; the first names the media type. An answer that is streamed too makes chunks of what is
    /// there, for it may depend on them.
    private Requests chunks(Exchange exchange, HttpRule rule, RequestFields fields) {
        byte[] alone = fields.beside(HttpBodies.fields(rule));
        String contentType = contentType(exchange.headers());
        boolean prompt = rule.rpc().method().isServerStreaming();
        var digest = new ContentDigest(ContentDigest.header(exchange.headers()));
        InputStream body = digest.watch(new RequestBody(exchange.request(), config.streamBytesMax()));
        return call -> {
            var chunk = new byte[CHUNK_BYTES];
            boolean taken = true;
            boolean first = true;
            for (int n = 0; taken && n >= 0; first = false) {
                n = prompt ? body.read(chunk) : body.readNBytes(chunk, 0, CHUNK_BYTES);
                n = n == 0 ? -1 : n;
                if (n > 0 || first) {
                    byte[] bytes = Arrays.copyOf(chunk, Math.max(0, n));
                    taken = call.send(alone, HttpBodies.head(rule, first ? contentType : "", bytes.length), bytes);
                }
            }
            if (taken) {
                digest.require();
            }
        };
    }

    /// Lines or elements of JSON, each a message.
    private Requests elements(Exchange exchange, RequestFields fields) throws IOException {
        fields.beside();
        MediaType type = MediaTypes.of(exchange.headers(), LINES_EXPECTED);
        if (type == null) {
            // Only a body that is none needs no name.
            if (new RequestBody(exchange.request(), config.streamBytesMax()).read() >= 0) {
                throw EdgeFailures.mediaType(LINES_EXPECTED).exception();
            }
            ContentDigest.require(ContentDigest.header(exchange.headers()), new byte[0]);
            return _ -> {};
        }
        boolean array = isArray(type);
        var digest = new ContentDigest(ContentDigest.header(exchange.headers()));
        InputStream body = digest.watch(new RequestBody(exchange.request(), config.streamBytesMax()));
        JsonElements elements =
                array ? new JsonArray(body, config.jsonBytesMax()) : new JsonLines(body, config.jsonBytesMax());
        return call -> {
            byte[] message = message(elements, fields);
            while (message != null && call.send(message)) {
                message = message(elements, fields);
            }
            if (message == null) {
                digest.require();
            }
        };
    }

    /// The next message; null at the end of the body.
    private static byte @Nullable [] message(JsonElements elements, RequestFields fields) throws IOException {
        try {
            byte[] json = elements.next();
            return json == null ? null : fields.with(json, elements.start());
        } catch (FailureException e) {
            throw at(elements.place(), e.failure()).exception();
        }
    }

    private static Failure at(String place, Failure failure) {
        return new Failure(
                failure.code(),
                failure.reason(),
                place + ": " + failure.message(),
                failure.metadata(),
                failure.violations(),
                failure.precondition(),
                failure.retryAfter());
    }

    private static String contentType(RequestHeaders headers) {
        MediaTypes.of(headers, RAW_EXPECTED);
        return headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    }

    private static boolean isArray(MediaType type) {
        boolean lines = type.type().equals("application") && LINE_SUBTYPES.contains(type.subtype());
        if (!(lines || MediaTypes.isJson(type)) || !isUtf8(type)) {
            throw EdgeFailures.mediaType(LINES_EXPECTED + ", in UTF-8").exception();
        }
        return !lines;
    }

    private static boolean isUtf8(MediaType type) {
        try {
            return type.charset(StandardCharsets.UTF_8).equals(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
