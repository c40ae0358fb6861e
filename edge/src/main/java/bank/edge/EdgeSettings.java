package bank.edge;

import bank.edge.upstream.Upstreams;
import bank.platform.config.Ranges;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// The ranges and the rules of the settings.
final class EdgeSettings {
    private static final int PORT_MAX = 65_535;
    private static final long JSON_BYTES_MAX = 64L * 1024 * 1024;
    private static final long BODY_BYTES_MAX = 2L * 1024 * 1024 * 1024 * 1024;
    static final long HELD_BYTES_MIN = 16L * 1024 * 1024;
    private static final long HELD_BYTES_MAX = 1024L * 1024 * 1024 * 1024;
    private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);

    private static final Pattern ORIGIN = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://[^/?#@,*\\s]+");
    private static final Pattern USUAL_PORT = Pattern.compile("(?i)(http://.*:80|https://.*:443)");

    private EdgeSettings() {}

    /// Checks every setting that is a number or a time, the addresses of services and the origins of pages.
    ///
    /// @throws bank.platform.config.InvalidSettingsException listing every one out of its range
    static void check(EdgeConfig config) {
        var ranges = Ranges.of("bank.edge")
                .within("port", config.port(), 0, PORT_MAX)
                .within("json-bytes-max", config.jsonBytesMax(), 1, JSON_BYTES_MAX)
                .within("upload-bytes-max", config.uploadBytesMax(), 1, BODY_BYTES_MAX)
                .within("batch-upload-bytes-max", config.batchUploadBytesMax(), 1, BODY_BYTES_MAX)
                .within("stream-bytes-max", config.streamBytesMax(), 1, BODY_BYTES_MAX)
                .within("stream-heartbeat", config.streamHeartbeat(), Duration.ofMillis(100), Duration.ofMinutes(10))
                .within("stream-retry", config.streamRetry(), Duration.ZERO, Duration.ofHours(1))
                .within("request-timeout", config.requestTimeout(), TIMEOUT_MIN, DAY)
                .within("request-timeout-max", config.requestTimeoutMax(), config.requestTimeout(), DAY)
                .within("transfer-timeout", config.transferTimeout(), TIMEOUT_MIN, DAY)
                .within("drain-quiet", config.drainQuiet(), Duration.ZERO, Duration.ofMinutes(5))
                .within("versions-pause", config.versionsPause(), Duration.ofMillis(1), DAY);
        config.heldBytesMax()
                .ifPresent(bytes -> ranges.within("held-bytes-max", bytes, HELD_BYTES_MIN, HELD_BYTES_MAX));
        addresses(config, ranges);
        origins(config, ranges);
        upstream(config, ranges);
        manners(config, ranges);
        ranges.kafka("kafka", config.kafka());
        ranges.check();
    }

    private static void addresses(EdgeConfig config, Ranges ranges) {
        ranges.addresses("upstreams.identity", config.upstreams().identity())
                .addresses("upstreams.document", config.upstreams().document())
                .addresses("upstreams.contract", config.upstreams().contract())
                .addresses("upstreams.registry", config.upstreams().registry());
        config.services()
                .forEach((name, further) -> ranges.addresses("services." + name + ".address", further.address()));
    }

    private static void origins(EdgeConfig config, Ranges ranges) {
        for (String origin : config.cors().origins().orElse(List.of())) {
            ranges.require(
                    "cors.origins",
                    origin.equals("*") || isOrigin(origin),
                    "must be * or origins as https://app.test or https://app.test:8443, has " + origin);
        }
    }

    /// A browser names a page's origin without a path and without the usual port of its scheme (RFC 6454, section 6.1).
    private static boolean isOrigin(String origin) {
        return ORIGIN.matcher(origin).matches() && !USUAL_PORT.matcher(origin).matches();
    }

    private static void upstream(EdgeConfig config, Ranges ranges) {
        var upstream = config.upstream();
        ranges.within(
                        "upstream.connect-timeout",
                        upstream.connectTimeout(),
                        Duration.ofMillis(10),
                        Duration.ofMinutes(1))
                .within("upstream.ping-interval", upstream.pingInterval(), Duration.ofSeconds(10), Duration.ofHours(1))
                .within(
                        "upstream.further-ping-interval",
                        upstream.furtherPingInterval(),
                        Duration.ofSeconds(10),
                        Duration.ofHours(1))
                .within("upstream.attempts-max", upstream.attemptsMax(), 1, 10)
                .within("upstream.circuit-failures", upstream.circuitFailures(), 1, 1_000)
                .within("upstream.circuit-open", upstream.circuitOpen(), Duration.ofMillis(100), Duration.ofMinutes(10))
                .within(
                        "upstream.silence-counted",
                        upstream.silenceCounted(),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10))
                .within("upstream.metadata-bytes-max", upstream.metadataBytesMax(), 4 * 1024, 1024 * 1024)
                .within("upstream.stranger-bytes-max", upstream.strangerBytesMax(), 1024, Upstreams.MESSAGE_BYTES_MAX);
    }

    private static void manners(EdgeConfig config, Ranges ranges) {
        var connections = config.connections();
        var rates = config.rates();
        ranges.within("connections.max", connections.max(), 1, 1_000_000)
                .within("connections.streams-max", connections.streamsMax(), 1, 10_000)
                .within("connections.idle-max", connections.idleMax(), Duration.ofSeconds(1), Duration.ofHours(1))
                .within("connections.stall-max", connections.stallMax(), Duration.ofSeconds(1), Duration.ofHours(1))
                .within("connections.header-bytes-max", connections.headerBytesMax(), 1024, 1024 * 1024)
                .within("rates.caller-per-minute", rates.callerPerMinute(), 0, 1_000_000_000)
                .within("rates.address-per-minute", rates.addressPerMinute(), 0, 1_000_000_000)
                .within("rates.remembered-max", rates.rememberedMax(), 1, 10_000_000)
                .within("compression.bytes-min", config.compression().bytesMin(), 1, 16 * 1024 * 1024)
                .within("cors.max-age", config.cors().maxAge(), Duration.ZERO, DAY)
                .within("tls.reload-pause", config.tls().reloadPause(), Duration.ofMillis(100), DAY);
        config.metrics().port().ifPresent(port -> ranges.within("metrics.port", port, 0, PORT_MAX));
    }
}
