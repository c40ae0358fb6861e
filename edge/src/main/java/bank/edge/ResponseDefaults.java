package bank.edge;

import bank.platform.grpc.Headers;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.ResponseHeaders;

/// Headers of every HTTP answer of the edge, whoever made it.
public final class ResponseDefaults {
    private ResponseDefaults() {}

    /// The headers with these added.
    ///
    /// @param requestId id of the request
    public static ResponseHeaders on(ResponseHeaders headers, String requestId) {
        return on(headers, HttpHeaders.of(), requestId);
    }

    /// The headers with these and some more added.
    ///
    /// @param requestId id of the request
    static ResponseHeaders on(ResponseHeaders headers, HttpHeaders more, String requestId) {
        var complete = headers.toBuilder()
                .set(more)
                .set(Headers.REQUEST_ID, requestId)
                .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY")
                .set(HttpHeaderNames.REFERRER_POLICY, "no-referrer");
        if (!headers.contains(HttpHeaderNames.CONTENT_SECURITY_POLICY)) {
            complete.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        }
        if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
            // What carries an entity tag may be kept by its own reader, who then asks whether it still holds.
            complete.set(
                    HttpHeaderNames.CACHE_CONTROL,
                    headers.contains(HttpHeaderNames.ETAG) ? "private, no-cache" : "no-store");
        }
        return complete.build();
    }
}
