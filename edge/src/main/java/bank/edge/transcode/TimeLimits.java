package bank.edge.transcode;

import bank.edge.EdgeConfig;
import bank.edge.problem.EdgeFailures;
import bank.edge.route.Rpc;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How long a call may take: what the client asks for, within the limits of the configuration.
public final class TimeLimits {
    /// What the edge waits beyond a call's own time, so that the service's word on the deadline comes first.
    public static final Duration GRACE = Duration.ofMillis(500);

    private static final Pattern ASKED = Pattern.compile("([0-9]{1,8}(?:\\.[0-9]{1,9})?)(ms|s|m)");
    private static final Pattern GRPC = Pattern.compile("([0-9]{1,8})([HMSmun])");

    private final EdgeConfig config;

    public TimeLimits(EdgeConfig config) {
        this.config = config;
    }

    /// Time for a call over HTTP.
    ///
    /// @param asked header `X-Request-Timeout`, e.g. `2s`, `1.5s`, `500ms`, `1m`; null when the client sent none
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT when the header has another form
    Duration of(Rpc rpc, @Nullable String asked) {
        if (asked == null) {
            return rpc.transfers() ? config.transferTimeout() : config.requestTimeout();
        }
        var match = ASKED.matcher(asked.strip());
        if (!match.matches()) {
            throw EdgeFailures.malformed("INVALID_HEADER", "X-Request-Timeout: expected a time such as 2s or 500ms")
                    .exception();
        }
        long nanos = new BigDecimal(match.group(1))
                .multiply(BigDecimal.valueOf(nanosOf(match.group(2))))
                .longValue();
        return capped(rpc, Duration.ofNanos(nanos));
    }

    /// Time for a call over gRPC.
    ///
    /// @param asked header `grpc-timeout`; null when the client sent none
    public Duration ofGrpc(Rpc rpc, @Nullable String asked) {
        var match = GRPC.matcher(asked == null ? "" : asked);
        if (!match.matches()) {
            return rpc.transfers() ? config.transferTimeout() : config.requestTimeout();
        }
        long n = Long.parseLong(match.group(1));
        return capped(
                rpc,
                switch (match.group(2)) {
                    case "H" -> Duration.ofHours(n);
                    case "M" -> Duration.ofMinutes(n);
                    case "S" -> Duration.ofSeconds(n);
                    case "m" -> Duration.ofMillis(n);
                    case "u" -> Duration.ofNanos(n * 1_000);
                    default -> Duration.ofNanos(n);
                });
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            default -> 60_000_000_000L;
        };
    }

    private Duration capped(Rpc rpc, Duration asked) {
        Duration max = rpc.transfers() ? config.transferTimeout() : config.requestTimeoutMax();
        Duration least = Duration.ofMillis(1);
        return asked.compareTo(max) > 0 ? max : asked.compareTo(least) < 0 ? least : asked;
    }
}
