package bank.edge.http;

import bank.edge.AnswerHeaders;
import bank.edge.RequestLabels;
import bank.platform.failure.Failure;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.grpc.Status;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How many requests a minute each of many may send, told in the headers `RateLimit` and `RateLimit-Policy`
/// (draft-ietf-httpapi-ratelimit-headers-10).
final class Quota {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final AsciiString LIMIT = AsciiString.cached("ratelimit");
    private static final AsciiString POLICY = AsciiString.cached("ratelimit-policy");

    private final String name;
    private final String policy;
    private final long perMinute;
    private final TimeMeter clock;
    private final Cache<Object, Bucket> buckets;

    /// @param name name of the policy in the headers, and of what is counted by, e.g. `caller`
    /// @param perMinute requests a minute, at least 1
    /// @param rememberedMax most keys counted at a time
    Quota(String name, long perMinute, int rememberedMax, TimeMeter clock) {
        this.name = '"' + name + '"';
        this.policy = this.name + ";q=" + perMinute + ";w=" + WINDOW.toSeconds();
        this.perMinute = perMinute;
        this.clock = clock;
        // Who sent nothing for a whole window has his whole quota again, so forgetting him changes nothing.
        this.buckets = Caffeine.newBuilder()
                .maximumSize(rememberedMax)
                .expireAfterAccess(WINDOW)
                .executor(Runnable::run)
                .build();
    }

    /// Takes a request off the quota, and tells in the answer's headers what is left.
    ///
    /// @param key whose quota
    /// @throws bank.platform.failure.FailureException reason RATE_LIMITED when nothing is left
    void take(ServiceRequestContext ctx, Object key) {
        ConsumptionProbe probe = probe(key);
        String left = name + ";r=" + probe.getRemainingTokens() + ";t=" + seconds(probe.getNanosToWaitForReset());
        AnswerHeaders.add(ctx, LIMIT, left);
        AnswerHeaders.add(ctx, POLICY, policy);
        if (!probe.isConsumed()) {
            var failure = Failure.of(
                            Status.Code.RESOURCE_EXHAUSTED, "RATE_LIMITED", "too many requests in too short a time")
                    .retryAfter(Duration.ofNanos(probe.getNanosToWaitForRefill()));
            RequestLabels.failure(ctx, failure);
            throw failure.exception();
        }
    }

    ConsumptionProbe probe(Object key) {
        return buckets.get(key, _ -> bucket()).tryConsumeAndReturnRemaining(1);
    }

    /// How many keys are counted now.
    long remembered() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
                .withCustomTimePrecision(clock)
                .build();
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
    }
}
