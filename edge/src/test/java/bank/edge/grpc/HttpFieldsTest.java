package bank.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFieldsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept-ch",
                "accept-ranges",
                "access-control-allow-origin",
                "age",
                "alt-svc",
                "cache-control",
                "clear-site-data",
                "connection",
                "content-encoding",
                "content-length",
                "content-security-policy",
                "content-security-policy-report-only",
                "critical-ch",
                "cross-origin-opener-policy",
                "cross-origin-resource-policy",
                "date",
                "etag",
                "expect-ct",
                "expires",
                "last-modified",
                "link",
                "location",
                "nel",
                "origin-agent-cluster",
                "permissions-policy",
                "permissions-policy-report-only",
                "pragma",
                "proxy-authenticate",
                "public-key-pins",
                "referrer-policy",
                "refresh",
                "report-to",
                "reporting-endpoints",
                "retry-after",
                "sec-websocket-accept",
                "server",
                "server-timing",
                "service-worker-allowed",
                "set-cookie",
                "sourcemap",
                "strict-transport-security",
                "te",
                "timing-allow-origin",
                "trailer",
                "transfer-encoding",
                "upgrade",
                "vary",
                "via",
                "warning",
                "www-authenticate",
                "x-accel-redirect",
                "x-content-type-options",
                "x-dns-prefetch-control",
                "x-download-options",
                "x-frame-options",
                "x-request-id",
                "x-sendfile",
                "x-xss-protection"
            })
    void keepsFieldsOfHttp(String name) {
        assertThat(HttpFields.isOfHttp(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":status",
                "content-type",
                "grpc-encoding",
                "grpc-message",
                "grpc-status",
                "grpc-status-details-bin",
                "shelf",
                "server-region",
                "trace-bin",
                "x-shelf"
            })
    void passesOnWhatIsOfGrpcOrTheServicesOwn(String name) {
        assertThat(HttpFields.isOfHttp(name)).isFalse();
        assertThat(HttpFields.isFraming(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection",
                "content-encoding",
                "content-length",
                "keep-alive",
                "te",
                "trailer",
                "transfer-encoding",
                "upgrade"
            })
    void knowsWhatFramesAnAnswer(String name) {
        assertThat(HttpFields.isFraming(name)).isTrue();
        assertThat(HttpFields.isOfHttp(name)).isTrue();
    }
}
