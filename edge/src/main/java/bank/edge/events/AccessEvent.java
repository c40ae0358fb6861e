package bank.edge.events;

import bank.edge.RequestLabels;
import bank.platform.auth.Principal;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/// A request that was answered, until it is told.
///
/// @param millis when it came, in milliseconds since 1970
/// @param route template of the path; null for a path that is none of the bank's
/// @param status status of the answer
/// @param nanos how long it took
/// @param caller who asked; null for a request without a token
record AccessEvent(
        long millis,
        HttpMethod method,
        @Nullable String route,
        int status,
        long nanos,
        @Nullable Principal caller,
        String requestId) {

    static AccessEvent of(RequestLog log, ServiceRequestContext ctx) {
        return new AccessEvent(
                log.requestStartTimeMillis(),
                log.requestHeaders().method(),
                RequestLabels.route(ctx),
                RequestLabels.status(log),
                log.totalDurationNanos(),
                RequestLabels.caller(ctx),
                RequestLabels.id(ctx));
    }
}
