package bank.edge.http;

import bank.edge.RequestLabels;
import bank.edge.grpc.GrpcProxy;
import bank.edge.route.Rpc;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.encoding.StreamEncoderFactory;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import com.linecorp.armeria.server.encoding.EncodingService;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compresses answers by `Accept-Encoding`: brotli or gzip, what is text, and from a certain length on.
///
/// Contents of documents are left alone: their ranges and entity tags are those of the bytes as they are stored. So are
/// the answers of operations anybody may call, which is where tokens are given out: the length of a compressed answer
/// tells of a secret that stands beside text an attacker chose (BREACH). Elsewhere that attack has no hold, for it
/// needs a browser that signs requests of a foreign page by itself, by cookie; here a request is signed by a header
/// which no foreign page can set. And so are pages that never change, which come as they are stored, compressed or
/// not: anybody may ask for them, they are long, and compressing takes the time of a thread that connections share.
///
/// A compressed answer is another representation and needs an entity tag of its own: `"3"` becomes `"3-gzip"`. In
/// conditions the client may send either.
final class Compression extends SimpleDecoratingHttpService {
    private static final List<StreamEncoderFactory> CODINGS = StreamEncoderFactory.all().stream()
            .filter(factory -> Set.of("br", "gzip").contains(factory.encodingHeaderValue()))
            .toList();
    private static final List<AsciiString> CONDITIONS =
            List.of(HttpHeaderNames.IF_MATCH, HttpHeaderNames.IF_NONE_MATCH, HttpHeaderNames.IF_RANGE);
    private static final Set<String> TEXT = Set.of(
            "application/json",
            "application/problem+json",
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/x-jsonlines",
            "application/jsonlines",
            "application/yaml",
            "application/javascript",
            "text/javascript",
            "text/css",
            "text/html",
            "text/plain",
            "image/svg+xml");
    private static final String AS_IT_IS = "identity";
    private static final String CHOSEN_BY = "Accept-Encoding";

    private final HttpService encoding;

    Compression(HttpService delegate, int bytesMin) {
        super(delegate);
        encoding = EncodingService.builder()
                .encoderFactories(CODINGS)
                .encodableContentTypes(Compression::isText)
                .minBytesToForceChunkedEncoding(bytesMin)
                .build((ctx, request) -> delegate.serve(ctx, request)
                        .mapHeaders(headers -> isKept(ctx, headers) ? kept(headers) : headers));
    }

    static HttpService around(HttpService service, CompressionConfig config) {
        return config.enabled() ? new Compression(service, config.bytesMin()) : service;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        RequestHeaders headers = request.headers();
        if (GrpcProxy.isCall(headers)) {
            return ((HttpService) unwrap()).serve(ctx, request);
        }
        HttpRequest plain = withPlainTags(request);
        if (plain != request) {
            ctx.updateRequest(plain);
        }
        if (!isAsked(headers)) {
            return ((HttpService) unwrap()).serve(ctx, plain).mapHeaders(Compression::varying);
        }
        return encoding.serve(ctx, plain).mapHeaders(answer -> finished(answer, plain == request ? null : headers));
    }

    private static boolean isAsked(RequestHeaders headers) {
        List<String> lines = headers.getAll(HttpHeaderNames.ACCEPT_ENCODING);
        if (lines.isEmpty()) {
            return false;
        }
        var weights = new Weights(lines);
        Double identity = weights.of(AS_IT_IS);
        double coded = CODINGS.stream()
                .map(factory -> weights.of(factory.encodingHeaderValue(), "*"))
                .mapToDouble(weight -> weight == null ? 0 : weight)
                .max()
                .orElse(0);
        return coded > 0 && (identity == null || coded >= identity);
    }

    private static boolean isText(MediaType type) {
        return TEXT.contains(type.type() + "/" + type.subtype());
    }

    private static boolean isKept(ServiceRequestContext ctx, ResponseHeaders headers) {
        Rpc rpc = RequestLabels.rpc(ctx);
        return (rpc == null ? isChosen(headers) : rpc.admission().anonymous())
                || headers.status().equals(HttpStatus.PARTIAL_CONTENT)
                || headers.contains(HttpHeaderNames.ACCEPT_RANGES)
                || headers.contains(HttpHeaderNames.CONTENT_DISPOSITION)
                || headers.contains(HttpHeaderNames.SET_COOKIE);
    }

    /// The answer says already that it depends on what codings a client takes, as a page that chose its own does.
    private static boolean isChosen(ResponseHeaders headers) {
        return headers.contains(HttpHeaderNames.VARY, CHOSEN_BY);
    }

    /// What has a coding already is not given another.
    private static ResponseHeaders kept(ResponseHeaders headers) {
        return headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                ? headers
                : headers.toBuilder()
                        .set(HttpHeaderNames.CONTENT_ENCODING, AS_IT_IS)
                        .build();
    }

    /// @param conditions the client's headers, when an entity tag of a compressed answer is among them
    private static ResponseHeaders finished(ResponseHeaders headers, @Nullable RequestHeaders conditions) {
        String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        if (AS_IT_IS.equals(coding)) {
            return headers.toBuilder()
                    .removeAndThen(HttpHeaderNames.CONTENT_ENCODING)
                    .build();
        }
        String etag = headers.get(HttpHeaderNames.ETAG);
        String known = conditions == null ? "" : conditions.get(HttpHeaderNames.IF_NONE_MATCH, "");
        boolean unchanged = headers.status().equals(HttpStatus.NOT_MODIFIED);
        for (StreamEncoderFactory factory : CODINGS) {
            String name = factory.encodingHeaderValue();
            if (etag != null && (name.equals(coding) || (unchanged && known.contains(tagged(etag, name))))) {
                return varying(headers.toBuilder()
                        .set(HttpHeaderNames.ETAG, tagged(etag, name))
                        .build());
            }
        }
        return varying(headers);
    }

    /// A page that comes compressed has its tag already.
    private static String tagged(String etag, String coding) {
        return etag.endsWith("\"") && !etag.endsWith(suffix(coding))
                ? etag.substring(0, etag.length() - 1) + suffix(coding)
                : etag;
    }

    private static String suffix(String coding) {
        return "-" + coding + "\"";
    }

    private static ResponseHeaders varying(ResponseHeaders headers) {
        if (isChosen(headers)) {
            return headers;
        }
        MediaType type = headers.contentType();
        boolean chosen = headers.status().equals(HttpStatus.NOT_MODIFIED) || (type != null && isText(type));
        return chosen ? Vary.by(headers, CHOSEN_BY) : headers;
    }

    private static String plainTags(String tags) {
        String plain = tags;
        for (StreamEncoderFactory factory : CODINGS) {
            plain = plain.replace(suffix(factory.encodingHeaderValue()), "\"");
        }
        return plain;
    }

    private static HttpRequest withPlainTags(HttpRequest request) {
        HttpRequest plain = request;
        for (AsciiString name : CONDITIONS) {
            if (!plain.headers().contains(name)) {
                continue;
            }
            List<String> given = plain.headers().getAll(name);
            List<String> tags = given.stream().map(Compression::plainTags).toList();
            if (!tags.equals(given)) {
                plain = plain.withHeaders(
                        plain.headers().toBuilder().set(name, tags).build());
            }
        }
        return plain;
    }
}
