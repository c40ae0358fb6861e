package bank.edge.transcode;

import bank.edge.ResponseDefaults;
import bank.edge.route.LocationTemplate;
import bank.edge.route.Rpc;
import bank.platform.grpc.Headers;
import com.google.api.HttpBody;
import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.stream.StreamMessage;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// HTTP answers from what a service answered: its message, and what its metadata says of HTTP.
final class HttpAnswers {
    /// Headers an rpc may set, by the metadata it sets them with.
    private static final Map<AsciiString, AsciiString> TOLD = Stream.of(
                    HttpHeaderNames.CONTENT_TYPE,
                    HttpHeaderNames.CONTENT_RANGE,
                    HttpHeaderNames.CONTENT_DISPOSITION,
                    HttpHeaderNames.ACCEPT_RANGES,
                    HttpHeaderNames.ETAG,
                    HttpHeaderNames.LOCATION,
                    HttpHeaderNames.CACHE_CONTROL,
                    HttpHeaderNames.RETRY_AFTER,
                    HttpHeaderNames.SET_COOKIE,
                    HttpHeaderNames.WWW_AUTHENTICATE)
            .collect(Collectors.toUnmodifiableMap(
                    header -> AsciiString.cached(Headers.HTTP_PREFIX + header), Function.identity()));
    private static final AsciiString STATUS = AsciiString.cached(Headers.HTTP_STATUS);
    private static final AsciiString REPLAYED = AsciiString.cached(Headers.IDEMPOTENCY_REPLAYED);
    private static final AsciiString DRY_RUN = AsciiString.cached(Headers.VALIDATE_ONLY);
    private static final String EMPTY = "google.protobuf.Empty";

    private HttpAnswers() {}

    /// The answer that a message of the service makes, as JSON.
    static HttpResponse json(Exchange exchange, Exchange.Target target, ResponseHeaders told, byte[] message)
            throws InvalidProtocolBufferException {
        RequestHeaders request = exchange.headers();
        Rpc rpc = target.rpc();
        boolean dryRun = "true".equalsIgnoreCase(request.get(DRY_RUN));
        LocationTemplate created = dryRun ? null : rpc.created();
        boolean empty = rpc.ways().house() && rpc.output().getFullName().equals(EMPTY);
        var headers = headers(rpc, told, created != null ? 201 : empty ? 204 : 200);
        if (created != null && !headers.contains(HttpHeaderNames.LOCATION)) {
            headers.set(HttpHeaderNames.LOCATION, created.of(message));
        }
        if (isNotModified(request, headers)) {
            return notModified(headers);
        }
        if (empty) {
            return HttpResponse.of(headers.build());
        }
        byte[] json =
                rpc.codec().toJson(rpc.output(), message, target.route().rule().responseBody());
        headers.contentType(MediaType.JSON).contentLength(json.length);
        ResponseDefaults.add(headers, exchange.caller().requestId());
        exchange.complete(headers);
        return whole(headers.build(), HttpData.wrap(json));
    }

    /// An answer whose headers say its length. Armeria would have them say it again, in a copy.
    private static HttpResponse whole(ResponseHeaders headers, HttpData content) {
        return headers.status().isContentAlwaysEmpty() || headers.status().isInformational()
                ? HttpResponse.of(headers, content)
                : HttpResponse.of(StreamMessage.of(headers, content));
    }

    /// The answer that an `HttpBody` makes.
    static HttpResponse raw(Rpc rpc, ResponseHeaders told, HttpBody body) {
        return HttpResponse.of(
                headers(rpc, told, body).build(), HttpData.wrap(body.getData().toByteArray()));
    }

    /// Headers of the answer that begins with an `HttpBody`.
    static ResponseHeadersBuilder headers(Rpc rpc, ResponseHeaders told, HttpBody first) {
        var headers = headers(rpc, told, 200);
        if (!headers.contains(HttpHeaderNames.CONTENT_TYPE)
                && !first.getContentType().isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, first.getContentType());
        }
        return headers;
    }

    /// Headers of an answer of the status, with what the service told of HTTP.
    static ResponseHeadersBuilder headers(Rpc rpc, ResponseHeaders told, int status) {
        if (!rpc.ways().told()) {
            var plain = ResponseHeaders.builder(status);
            if (rpc.ways().metadata()) {
                GrpcMetadata.tell(told, plain);
            }
            return plain;
        }
        var headers = ResponseHeaders.builder(told.getInt(STATUS, status));
        TOLD.forEach((metadata, header) -> {
            if (told.contains(metadata)) {
                headers.set(header, told.getAll(metadata));
            }
        });
        String replayed = told.get(REPLAYED);
        if (replayed != null) {
            headers.set(REPLAYED, replayed);
        }
        return headers;
    }

    /// The client has the representation already (RFC 9110, section 13.1.2).
    static boolean isNotModified(RequestHeaders request, ResponseHeadersBuilder headers) {
        if (!request.contains(HttpHeaderNames.IF_NONE_MATCH)) {
            return false;
        }
        String wanted = String.join(",", request.getAll(HttpHeaderNames.IF_NONE_MATCH));
        String etag = headers.get(HttpHeaderNames.ETAG);
        boolean read = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
        int status = headers.status().code();
        if (wanted.isEmpty() || etag == null || !read || (status != 200 && status != 206)) {
            return false;
        }
        String opaque = strong(etag);
        for (String tag : wanted.split(",", -1)) {
            if (tag.strip().equals("*") || strong(tag.strip()).equals(opaque)) {
                return true;
            }
        }
        return false;
    }

    private static String strong(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    static HttpResponse notModified(ResponseHeadersBuilder headers) {
        var answer = ResponseHeaders.builder(304);
        for (var name : List.of(HttpHeaderNames.ETAG, HttpHeaderNames.CACHE_CONTROL)) {
            @Nullable String value = headers.get(name);
            if (value != null) {
                answer.set(name, value);
            }
        }
        return HttpResponse.of(answer.build());
    }
}
