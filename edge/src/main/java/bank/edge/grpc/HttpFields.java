package bank.edge.grpc;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Names that mean something to a browser, a cache, a proxy or this edge, so that they are not metadata of a service's
/// own: the fields of the HTTP Field Name Registry that an answer may have, and those in use without being in it.
final class HttpFields {
    /// What frames an answer on its connection, or codes it as a whole (RFC 9110, sections 7.6.1, 8.4 and 8.6).
    private static final Set<String> FRAMING = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> NAMES = Set.of(
            "activate-storage-access",
            "age",
            "allow",
            "alt-svc",
            "alt-used",
            "authentication-info",
            "cache-control",
            "cache-status",
            "capsule-protocol",
            "cdn-cache-control",
            "clear-site-data",
            "close",
            "cookie",
            "cookie2",
            "date",
            "dav",
            "delta-base",
            "deprecation",
            "document-policy",
            "document-policy-report-only",
            "dpop-nonce",
            "edge-control",
            "etag",
            "expect-ct",
            "expires",
            "feature-policy",
            "forwarded",
            "host",
            "im",
            "integrity-policy",
            "integrity-policy-report-only",
            "last-modified",
            "link",
            "link-template",
            "location",
            "nel",
            "no-vary-search",
            "observe-browsing-topics",
            "optional-www-authenticate",
            "origin",
            "origin-agent-cluster",
            "p3p",
            "pragma",
            "priority",
            "public-key-pins",
            "public-key-pins-report-only",
            "ratelimit",
            "ratelimit-policy",
            "referrer-policy",
            "refresh",
            "report-to",
            "reporting-endpoints",
            "repr-digest",
            "retry-after",
            "server",
            "server-timing",
            "service-worker-allowed",
            "set-cookie",
            "set-cookie2",
            "set-login",
            "signature",
            "signature-input",
            "sourcemap",
            "speculation-rules",
            "status",
            "strict-transport-security",
            "sunset",
            "supports-loading-mode",
            "surrogate-control",
            "timing-allow-origin",
            "tk",
            "use-as-dictionary",
            "vary",
            "via",
            "want-content-digest",
            "want-repr-digest",
            "warning",
            "www-authenticate",
            "x-cache",
            "x-frame-options",
            "x-permitted-cross-domain-policies",
            "x-powered-by",
            "x-request-id",
            "x-robots-tag",
            "x-runtime",
            "x-sendfile",
            "x-sourcemap",
            "x-ua-compatible",
            "x-xss-protection");

    private static final List<String> BEGINNINGS = List.of(
            "accept-",
            "access-control-",
            "attribution-reporting-",
            "content-",
            "critical-",
            "cross-origin-",
            "permissions-policy",
            "proxy-",
            "sec-",
            "x-accel-",
            "x-content-",
            "x-forwarded-",
            "x-ratelimit-",
            "x-webkit-csp");

    private static final Pattern OPTIONS = Pattern.compile("x-.*-(options|control)");

    private HttpFields() {}

    /// The field tells how the answer is framed. Where the answer is passed on in other frames it is not true.
    ///
    /// @param name in lower case
    static boolean isFraming(String name) {
        return FRAMING.contains(name);
    }

    /// The field is HTTP's rather than a service's own. `grpc-…` and `content-type`, which both have, are not.
    ///
    /// @param name in lower case
    static boolean isOfHttp(String name) {
        return !name.equals("content-type")
                && (isFraming(name)
                        || NAMES.contains(name)
                        || BEGINNINGS.stream().anyMatch(name::startsWith)
                        || OPTIONS.matcher(name).matches());
    }
}
