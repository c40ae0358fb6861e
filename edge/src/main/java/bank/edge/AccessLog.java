package bank.edge;

import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.logging.AccessLogWriter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line a request: method, template of the path, status, duration, request id. Never a body, a token or an
/// identifier from the path.
final class AccessLog implements AccessLogWriter {
    /// Status for a client that went away before he was answered.
    private static final int CLIENT_GONE = 499;

    private static final Logger LOG = LoggerFactory.getLogger("bank.edge.access");

    @Override
    public void log(RequestLog log) {
        if (log.context() instanceof ServiceRequestContext ctx) {
            String route = RequestLabels.route(ctx);
            int status = log.responseHeaders().status().code();
            LOG.info(
                    "method={} path={} status={} duration_ms={} request_id={}",
                    log.requestHeaders().method(),
                    route == null ? "-" : route,
                    status == 0 ? CLIENT_GONE : status,
                    TimeUnit.NANOSECONDS.toMillis(log.totalDurationNanos()),
                    RequestLabels.id(ctx));
        }
    }
}
