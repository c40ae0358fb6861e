package bank.edge.grpc;

import bank.edge.problem.EdgeFailures;
import bank.platform.failure.Failure;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// How a call's messages and trailers stand on the wire between client and edge.
enum WireForm {
    /// gRPC over HTTP/2.
    GRPC("application/grpc"),
    /// gRPC-Web: trailers as the last frame of the body.
    WEB("application/grpc-web+proto"),
    /// gRPC-Web in base64.
    WEB_TEXT("application/grpc-web-text+proto");

    private static final byte TRAILER_FRAME = (byte) 0x80;

    private final String contentType;

    WireForm(String contentType) {
        this.contentType = contentType;
    }

    /// The form a media type asks for; null for one this system does not know.
    static @Nullable WireForm of(String contentType) {
        int parameters = contentType.indexOf(';');
        return switch ((parameters < 0 ? contentType : contentType.substring(0, parameters)).strip()) {
            case "application/grpc", "application/grpc+proto" -> GRPC;
            case "application/grpc-web", "application/grpc-web+proto" -> WEB;
            case "application/grpc-web-text", "application/grpc-web-text+proto" -> WEB_TEXT;
            default -> null;
        };
    }

    /// Media type of the answer.
    String contentType() {
        return contentType;
    }

    /// The client's bytes as gRPC frames. Pooled pieces are given back or passed on. What is no base64 ends it with an
    /// `IllegalArgumentException`.
    StreamMessage<HttpData> decode(StreamMessage<HttpData> body) {
        if (this != WEB_TEXT) {
            return body;
        }
        var decoder = new Base64Stream();
        return body.<HttpData>map(data -> {
                    try (data) {
                        return HttpData.wrap(decoder.decode(data.array()));
                    }
                })
                .endWith(broken -> {
                    if (broken == null) {
                        requireWhole(decoder);
                    }
                    return null;
                });
    }

    /// The client's whole body as gRPC frames.
    ///
    /// @throws IllegalArgumentException when it is no base64
    byte[] decode(byte[] body) {
        if (this != WEB_TEXT) {
            return body;
        }
        var decoder = new Base64Stream();
        byte[] decoded = decoder.decode(body);
        requireWhole(decoder);
        return decoded;
    }

    static Failure noBase64() {
        return EdgeFailures.malformed("MALFORMED_REQUEST", "the body is no base64 of gRPC-Web frames");
    }

    private static void requireWhole(Base64Stream decoder) {
        if (!decoder.isWhole()) {
            throw new IllegalArgumentException("letters are left over");
        }
    }

    /// Longest body that frames of so many bytes may take.
    long bytesMax(long frameBytesMax) {
        return this == WEB_TEXT ? 2 * frameBytesMax : frameBytesMax;
    }

    /// Headers of the answer from those of the service.
    HttpObject headers(ResponseHeaders headers) {
        if (!headers.status().equals(HttpStatus.OK)) {
            return headers;
        }
        return headers.toBuilder()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .build();
    }

    /// A piece of the answer's body. A pooled one is given back or passed on.
    HttpData data(HttpData data) {
        if (this != WEB_TEXT) {
            return data;
        }
        try (data) {
            return HttpData.wrap(Base64.getEncoder().encode(data.array()));
        }
    }

    /// The end of the answer.
    HttpObject trailers(HttpHeaders trailers) {
        if (this == GRPC) {
            return trailers;
        }
        var text = new ByteArrayOutputStream();
        trailers.forEach(
                (name, value) -> text.writeBytes((name + ": " + value + "\r\n").getBytes(StandardCharsets.UTF_8)));
        int length = text.size();
        var frame = new ByteArrayOutputStream();
        frame.write(TRAILER_FRAME);
        frame.writeBytes(
                new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length});
        frame.writeBytes(text.toByteArray());
        return data(HttpData.wrap(frame.toByteArray()));
    }
}
