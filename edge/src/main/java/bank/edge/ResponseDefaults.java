package bank.edge;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;

/// Headers of every HTTP answer of the edge, whoever made it.
public final class ResponseDefaults {
    private ResponseDefaults() {}

    /// The headers with these added.
    ///
    /// @param requestId id of the request
    public static ResponseHeaders on(ResponseHeaders headers, String requestId) {
        if (headers.contains(HttpHeaderNames.X_REQUEST_ID)) {
            return headers;
        }
        var complete = headers.toBuilder();
        add(complete, requestId);
        return complete.build();
    }

    /// Adds them where the headers are made, which spares a copy.
    ///
    /// @param requestId id of the request
    public static void add(ResponseHeadersBuilder headers, String requestId) {
        headers.set(HttpHeaderNames.X_REQUEST_ID, requestId)
                .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY")
                .set(HttpHeaderNames.REFERRER_POLICY, "no-referrer");
        if (!headers.contains(HttpHeaderNames.CONTENT_SECURITY_POLICY)) {
            headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        }
        if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
            // What carries an entity tag may be kept by its own reader, who then asks whether it still holds.
            headers.set(
                    HttpHeaderNames.CACHE_CONTROL,
                    headers.contains(HttpHeaderNames.ETAG) ? "private, no-cache" : "no-store");
        }
    }
}
