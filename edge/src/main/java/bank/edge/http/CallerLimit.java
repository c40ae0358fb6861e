package bank.edge.http;

import bank.platform.auth.Principal;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.github.bucket4j.TimeMeter;
import org.jspecify.annotations.Nullable;

/// The quota of each signed-in caller.
public final class CallerLimit {
    private final @Nullable Quota quota;

    public CallerLimit(RateConfig config) {
        quota = config.callerPerMinute() == 0
                ? null
                : new Quota("caller", config.callerPerMinute(), config.rememberedMax(), TimeMeter.SYSTEM_NANOTIME);
    }

    /// Counts a request of the caller.
    ///
    /// @throws bank.platform.failure.FailureException reason RATE_LIMITED when his quota is used up
    public void count(ServiceRequestContext ctx, Principal caller) {
        if (quota != null) {
            quota.take(ctx, caller.name());
        }
    }
}
