package bank.edge;

import bank.edge.route.Rpc;
import bank.v1.ApiVersion;
import bank.v1.ApiVersionState;
import bank.v1.ListApiVersionsRequest;
import bank.v1.VersionServiceGrpc;
import bank.v1.VersionServiceGrpc.VersionServiceBlockingStub;
import com.linecorp.armeria.common.HttpHeaders;
import io.grpc.Channel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What answers of a deprecated version of the interface say of it: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and
/// `Link`. Read from identity-service again and again; what was read last holds while that does not answer.
final class ApiVersions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiVersions.class);
    private static final Duration READ_TIME_MAX = Duration.ofSeconds(5);
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final VersionServiceBlockingStub versions;
    private final Duration pause;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("api-versions").daemon().factory());
    private volatile Map<String, HttpHeaders> deprecated = Map.of();

    /// @param pause between two readings
    ApiVersions(Channel identity, Duration pause) {
        this.versions = VersionServiceGrpc.newBlockingStub(identity);
        this.pause = pause;
    }

    /// Begins to read.
    void start() {
        var _ = clock.scheduleWithFixedDelay(this::read, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void read() {
        try {
            var found = new HashMap<String, HttpHeaders>();
            for (ApiVersion version : versions.withDeadlineAfter(READ_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    .listApiVersions(ListApiVersionsRequest.getDefaultInstance())
                    .getVersionsList()) {
                if (version.getState() == ApiVersionState.API_VERSION_STATE_DEPRECATED
                        || version.getState() == ApiVersionState.API_VERSION_STATE_SUNSET) {
                    found.put(version.getVersion(), headers(version));
                }
            }
            deprecated = Map.copyOf(found);
        } catch (RuntimeException e) {
            // No answer, or none to use: it is read again after the pause.
            LOG.info("the versions of the interface cannot be read now: {}", e.toString());
        }
    }

    private static HttpHeaders headers(ApiVersion version) {
        var headers = HttpHeaders.builder();
        if (version.hasDeprecatedAt()) {
            headers.set("deprecation", "@" + version.getDeprecatedAt().getSeconds());
        }
        if (version.hasSunsetAt()) {
            headers.set(
                    "sunset",
                    HTTP_DATE.format(Instant.ofEpochSecond(version.getSunsetAt().getSeconds())));
        }
        if (!version.getInfoUrl().isEmpty()) {
            headers.set("link", "<" + version.getInfoUrl() + ">; rel=\"deprecation\"");
        }
        return headers.build();
    }

    /// What an answer of the rpc has to say; nothing while its version is not deprecated.
    HttpHeaders of(Rpc rpc) {
        Map<String, HttpHeaders> now = deprecated;
        if (now.isEmpty() || !rpc.ways().told()) {
            return HttpHeaders.of();
        }
        String declared = rpc.method().getFile().getPackage();
        return now.getOrDefault(declared.substring(declared.lastIndexOf('.') + 1), HttpHeaders.of());
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
