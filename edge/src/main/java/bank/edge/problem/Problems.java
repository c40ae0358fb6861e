package bank.edge.problem;

import bank.platform.auth.DpopProofs;
import bank.platform.failure.Failure;
import bank.platform.grpc.Headers;
import com.fasterxml.jackson.core.JsonFactory;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Failures as HTTP answers: `application/problem+json` with `type`, `title`, `status`, `detail`, `instance`,
/// `code`, `reason`, `request_id` and, for invalid input, `errors`.
public final class Problems {
    private static final MediaType TYPE = MediaType.create("application", "problem+json");
    private static final JsonFactory JSON = new JsonFactory();

    /// What the description of an error cannot hold (RFC 6750, section 3).
    private static final Pattern UNQUOTABLE = Pattern.compile("[^ !#-\\[\\]-~]");

    /// Headers that a failure may set, by metadata named like the reserved response metadata of rpcs.
    static final List<String> TOLD = List.of("allow", "content-range", "www-authenticate");

    private Problems() {}

    /// The answer that tells a failure.
    ///
    /// @param path path of the request, without the query; empty when it could not be read
    /// @param requestId id of the request
    public static AggregatedHttpResponse answer(Failure failure, String path, String requestId) {
        int status = HttpStatuses.of(failure);
        var headers = ResponseHeaders.builder(status).contentType(TYPE);
        if (failure.code() == Status.Code.UNAUTHENTICATED) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, challenge(failure));
        }
        for (String name : TOLD) {
            String value = failure.metadata().get(Headers.HTTP_PREFIX + name);
            if (value != null) {
                headers.set(name, value);
            }
        }
        long pause = retryAfterSeconds(failure, status);
        if (pause > 0) {
            headers.set(HttpHeaderNames.RETRY_AFTER, Long.toString(pause));
        }
        return AggregatedHttpResponse.of(headers.build(), HttpData.wrap(body(failure, status, path, requestId)));
    }

    /// RFC 6750, section 3, and RFC 9449, section 7.1.
    private static String challenge(Failure failure) {
        String error = error(failure);
        if (error == null) {
            return "Bearer realm=\"bank\"";
        }
        String told = " realm=\"bank\", error=\"" + error + "\", error_description=\""
                + UNQUOTABLE.matcher(failure.message()).replaceAll("?") + "\"";
        return DpopProofs.SCHEME.equals(failure.metadata().get("scheme"))
                ? DpopProofs.SCHEME + told + ", algs=\"" + String.join(" ", DpopProofs.ALGORITHMS) + "\""
                : "Bearer" + told;
    }

    private static @Nullable String error(Failure failure) {
        if (failure.reason().equals(DpopProofs.INVALID)) {
            return "invalid_dpop_proof";
        }
        return failure.reason().startsWith("TOKEN_") && !failure.reason().equals("TOKEN_MISSING")
                ? "invalid_token"
                : null;
    }

    private static long retryAfterSeconds(Failure failure, int status) {
        if (failure.retryAfter() != null) {
            return Math.max(1, failure.retryAfter().plusNanos(999_999_999).toSeconds());
        }
        return status == 503 || status == 429 || failure.reason().equals("KEY_IN_USE") ? 1 : 0;
    }

    /// The problem alone, as JSON in UTF-8 without line ends, for a stream that has begun.
    ///
    /// @param path path of the request, without the query
    /// @param requestId id of the request
    public static byte[] json(Failure failure, String path, String requestId) {
        return body(failure, HttpStatuses.of(failure), path, requestId);
    }

    private static byte[] body(Failure failure, int status, String path, String requestId) {
        var out = new ByteArrayOutputStream(256);
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField(
                    "type",
                    "/problems/" + failure.reason().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeStringField("title", title(failure.reason()));
            json.writeNumberField("status", status);
            json.writeStringField("detail", failure.message());
            if (!path.isEmpty()) {
                json.writeStringField("instance", path);
            }
            json.writeStringField("code", failure.code().name());
            json.writeStringField("reason", failure.reason());
            json.writeStringField("request_id", requestId);
            if (!failure.violations().isEmpty()) {
                json.writeArrayFieldStart("errors");
                for (Failure.Violation violation : failure.violations()) {
                    json.writeStartObject();
                    json.writeStringField("field", violation.field());
                    json.writeStringField("description", violation.description());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// `ETAG_MISMATCH` gives `Etag mismatch`.
    private static String title(String reason) {
        String words = reason.toLowerCase(Locale.ROOT).replace('_', ' ');
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
