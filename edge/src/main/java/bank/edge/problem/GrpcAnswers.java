package bank.edge.problem;

import bank.platform.failure.Failure;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Failures as gRPC and gRPC-Web answers: headers alone, with the status and its details.
public final class GrpcAnswers {
    private GrpcAnswers() {}

    /// The answer that tells a failure.
    ///
    /// @param contentType media type of the answer, e.g. `application/grpc`
    public static HttpResponse failed(Failure failure, String contentType) {
        return HttpResponse.of(headers(failure, contentType));
    }

    /// The headers that this answer is.
    public static ResponseHeaders headers(Failure failure, String contentType) {
        return ResponseHeaders.builder(200)
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(status(failure))
                .endOfStream(true)
                .build();
    }

    /// The headers that tell a failure at the end of an answer.
    public static HttpHeaders status(Failure failure) {
        StatusRuntimeException status = failure.toStatus();
        Metadata trailers = status.getTrailers();
        var proto = StatusProto.fromStatusAndTrailers(status.getStatus(), trailers);
        return HttpHeaders.builder()
                .set("grpc-status", Integer.toString(failure.code().value()))
                .set("grpc-message", percentEncode(failure.message()))
                .set(
                        "grpc-status-details-bin",
                        Base64.getEncoder().withoutPadding().encodeToString(proto.toByteArray()))
                .build();
    }

    private static String percentEncode(String message) {
        var encoded = new StringBuilder(message.length());
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0x20 && b < 0x7F && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.forDigit(b >> 4 & 0xF, 16))
                        .append(Character.forDigit(b & 0xF, 16));
            }
        }
        return encoded.toString();
    }
}
