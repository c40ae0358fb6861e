package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a request says of its body.
final class MediaTypes {
    private static final MediaType JSON = MediaType.JSON.withoutParameters();

    private MediaTypes() {}

    /// Media type of the body; null when the client names none.
    ///
    /// @throws bank.platform.failure.FailureException reason MEDIA_TYPE when it names what is no type, or a content
    ///     coding
    static @Nullable MediaType of(RequestHeaders headers, String expected) {
        String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw EdgeFailures.mediaType(expected + " without a content coding").exception();
        }
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null) {
            return null;
        }
        try {
            return MediaType.parse(type);
        } catch (IllegalArgumentException _) {
            throw EdgeFailures.mediaType(expected).exception();
        }
    }

    /// Refuses a body that is not JSON in UTF-8.
    static void requireJson(RequestHeaders headers) {
        MediaType type = of(headers, "application/json");
        try {
            if (type != null
                    && isJson(type)
                    && type.charset(StandardCharsets.UTF_8).equals(StandardCharsets.UTF_8)) {
                return;
            }
        } catch (IllegalArgumentException _) {
            throw EdgeFailures.mediaType("application/json in UTF-8").exception();
        }
        throw EdgeFailures.mediaType("application/json in UTF-8").exception();
    }

    static boolean isJson(MediaType type) {
        return type.is(JSON)
                || (type.type().equals("application") && type.subtype().endsWith("+json"));
    }
}
