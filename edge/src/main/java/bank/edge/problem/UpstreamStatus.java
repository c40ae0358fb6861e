package bank.edge.problem;

import bank.edge.route.PercentDecoder;
import bank.platform.failure.Failure;
import bank.platform.grpc.Headers;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Status;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The status of a gRPC answer, read from its trailers. What a service says of itself, with an `ErrorInfo` of this
/// system's domain, is passed on, and what a further service says in words of its own; the words of anything else (a
/// framework, a proxy) and of breakdowns are not.
public final class UpstreamStatus {
    private static final String GRPC = "application/grpc";
    private static final AsciiString STATUS = AsciiString.cached("grpc-status");
    private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString DETAILS = AsciiString.cached("grpc-status-details-bin");

    /// Codes by which a service, or what is between here and it, breaks down or gives up.
    private static final Set<Status.Code> UNTOLD =
            Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.DATA_LOSS);

    private UpstreamStatus() {}

    /// The headers begin an answer of gRPC, not the page of something between here and the service.
    public static boolean isOfGrpc(ResponseHeaders head) {
        String type = head.get(HttpHeaderNames.CONTENT_TYPE, "");
        return head.status().equals(HttpStatus.OK)
                && type.startsWith(GRPC)
                && (type.length() == GRPC.length() || "+;".indexOf(type.charAt(GRPC.length())) >= 0);
    }

    /// The headers hold a status.
    public static boolean isIn(HttpHeaders headers) {
        return headers.contains(STATUS);
    }

    /// The headers say UNAVAILABLE without the details a service gives when it speaks for itself.
    public static boolean isUnexplainedUnavailable(HttpHeaders headers) {
        String status = headers.get(STATUS);
        return status != null && !headers.contains(DETAILS) && code(status) == Status.Code.UNAVAILABLE;
    }

    /// The headers tell that a service, or what is between here and it, broke down. JSON clients are not told its
    /// words.
    public static boolean isBreakdown(HttpHeaders headers) {
        return isIn(headers)
                && switch (code(headers)) {
                    case INTERNAL, UNKNOWN, DATA_LOSS -> true;
                    case UNAVAILABLE -> details(Status.Code.UNAVAILABLE, "", headers.get(DETAILS)) == null;
                    default -> false;
                };
    }

    /// The message in headers that hold a status.
    public static String words(HttpHeaders end) {
        return message(end.get(MESSAGE, ""));
    }

    /// The status in headers that hold one; UNKNOWN when it cannot be read.
    public static Status.Code code(HttpHeaders end) {
        return code(end.get(STATUS));
    }

    /// The failure told by trailers; null when they say OK.
    ///
    /// @param told the service is of this system: it may set headers of an HTTP answer, and it always gives details
    public static @Nullable Failure read(HttpHeaders trailers, boolean told) {
        Status.Code code = code(trailers);
        if (code == Status.Code.OK) {
            return null;
        }
        String message = words(trailers);
        Failure said = details(code, message, trailers.get(DETAILS));
        if (said == null && !told && code != Status.Code.UNAVAILABLE && !message.isEmpty()) {
            said = Failure.of(code, code.name(), message);
        }
        if (said == null || UNTOLD.contains(code)) {
            return untold(code);
        }
        return told ? withHttpHeaders(said, trailers) : withoutHttpHeaders(said);
    }

    private static Failure withHttpHeaders(Failure said, HttpHeaders trailers) {
        Failure failure = said;
        for (String name : Problems.TOLD) {
            String value = trailers.get(Headers.HTTP_PREFIX + name);
            if (value != null) {
                failure = failure.with(Headers.HTTP_PREFIX + name, value);
            }
        }
        return failure;
    }

    /// A failure may hold headers among its metadata, which is the service's own to fill.
    private static Failure withoutHttpHeaders(Failure said) {
        var metadata = new TreeMap<>(said.metadata());
        metadata.keySet().removeIf(name -> name.startsWith(Headers.HTTP_PREFIX));
        return new Failure(
                said.code(),
                said.reason(),
                said.message(),
                Map.copyOf(metadata),
                said.violations(),
                said.precondition(),
                said.retryAfter());
    }

    private static Status.Code code(@Nullable String status) {
        try {
            return status == null
                    ? Status.Code.UNKNOWN
                    : Status.fromCodeValue(Integer.parseInt(status)).getCode();
        } catch (NumberFormatException _) {
            return Status.Code.UNKNOWN;
        }
    }

    private static String message(String encoded) {
        try {
            return PercentDecoder.decode(encoded);
        } catch (IllegalArgumentException _) {
            return encoded;
        }
    }

    private static @Nullable Failure details(Status.Code code, String message, @Nullable String encoded) {
        if (encoded == null) {
            return null;
        }
        try {
            // A list of values comes joined by commas; a status has one.
            var status = com.google.rpc.Status.parseFrom(Base64.getDecoder().decode(encoded));
            ErrorInfo info = null;
            List<Failure.Violation> violations = new ArrayList<>();
            Duration retryAfter = null;
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    info = detail.unpack(ErrorInfo.class);
                } else if (detail.is(BadRequest.class)) {
                    detail.unpack(BadRequest.class)
                            .getFieldViolationsList()
                            .forEach(v -> violations.add(new Failure.Violation(v.getField(), v.getDescription())));
                } else if (detail.is(RetryInfo.class)) {
                    var delay = detail.unpack(RetryInfo.class).getRetryDelay();
                    retryAfter = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
                }
            }
            if (info == null || !info.getDomain().equals(Failure.DOMAIN)) {
                return null;
            }
            return new Failure(
                    code, info.getReason(), message, info.getMetadataMap(), List.copyOf(violations), null, retryAfter);
        } catch (InvalidProtocolBufferException | IllegalArgumentException _) {
            return null;
        }
    }

    private static Failure untold(Status.Code code) {
        return switch (code) {
            case UNAVAILABLE -> EdgeFailures.upstreamDown();
            case DEADLINE_EXCEEDED -> EdgeFailures.deadlineExceeded();
            case UNKNOWN, INTERNAL, DATA_LOSS, OK -> EdgeFailures.internal();
            case CANCELLED -> EdgeFailures.cancelled();
            default -> Failure.of(code, code.name(), "the service refused this");
        };
    }
}
